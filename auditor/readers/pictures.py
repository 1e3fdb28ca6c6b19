"""Pages as pictures, for recognition: a pdf is drawn, an ofd's images are laid out as its pages place them."""

from __future__ import annotations

import io
import math
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.readers.limits import limits
from auditor.readers.numbering import child
from auditor.readers.packages import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

RESOLUTION = 150
_POINTS = 72
_MILLIMETRES = 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)


def pictures(data: bytes, name: str, kind: str, pages: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """The given pages of a pdf or ofd, each with its picture as an array of rows; pages that hold none are left out."""
    yield from (_of_ofd(data, name, pages) if kind == "ofd" else _of_pdf(data, pages))


def _of_pdf(data: bytes, pages: Sequence[int]) -> Iterator[tuple[int, Any]]:
    from pypdfium2 import PdfDocument, PdfiumError

    document = PdfDocument(data)
    for page in pages:
        if page > len(document):
            continue
        try:
            opened = document[page - 1]
            width, height = opened.get_size()
            scale = _bounded(RESOLUTION / _POINTS, width, height)
            drawn = opened.render(scale=scale, may_draw_forms=False).to_numpy().copy()
            opened.close()
        except (PdfiumError, ValueError):
            continue
        yield page, drawn


def _bounded(scale: float, width: float, height: float) -> float:
    """The scale, or the largest at which a page has no more pixels than allowed."""
    return min(scale, math.sqrt(limits().pixels / max(width * height, 1.0)))


def _of_ofd(data: bytes, name: str, pages: Sequence[int]) -> Iterator[tuple[int, Any]]:
    package = Package(data, name)
    places = [place for root in _parts(package, "document.xml") for place in _pages(package, root)]
    media = _media(package)
    for page in pages:
        drawn = _drawn(package, *places[page - 1], media) if page <= len(places) else None
        if drawn is not None:
            yield page, drawn


def _parts(package: Package, end: str) -> list[str]:
    return [part for part in package.parts if part.lower().endswith(end)]


def _pages(package: Package, root: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """The part of each page, and the box of the document."""
    document = package.xml(root)
    box = _box(child(document, "CommonData", "PageArea", "PhysicalBox")) or _A4
    pages = child(document, "Pages")
    for each in () if pages is None else pages:
        place = each.get("BaseLoc") or ""
        yield _near(package, place, root) or "", box


def _near(package: Package, place: str, base: str) -> str | None:
    """The part meant by a place in another part: beside it, from the top, or wherever a name ends so."""
    plain = place.replace("\\", "/").strip()
    for tried in (posixpath.join(posixpath.dirname(base), plain), plain):
        if plain and (found := package.find(tried)):
            return found
    ending = "/" + plain.lstrip("./").lower()
    return next((part for part in package.parts if plain and ("/" + part.lower()).endswith(ending)), None)


def _media(package: Package) -> Mapping[str, str]:
    """The image files of the document by the id of the resource."""
    found: dict[str, str] = {}
    for part in _parts(package, "res.xml"):
        root = package.xml(part)
        folder = posixpath.join(posixpath.dirname(part), root.get("BaseLoc") or "")
        for media in root.iter("{*}MultiMedia"):
            file = child(media, "MediaFile")
            place = _near(package, (file.text or "").strip(), f"{folder}/") if file is not None else None
            if place:
                found[media.get("ID") or ""] = place
    return found


def _drawn(package: Package, part: str, box: tuple[float, ...], media: Mapping[str, str]) -> Any:
    """The images of a page on white, or None."""
    import numpy
    from PIL import Image

    if not package.find(part):
        return None
    root = package.xml(part)
    left, top, width, height = _box(child(root, "Area", "PhysicalBox")) or box
    scale = _bounded(RESOLUTION / _MILLIMETRES, width, height)
    canvas = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
    pasted = False
    for element in root.iter("{*}ImageObject"):
        bounds = _numbers(element.get("Boundary"))
        place = media.get(element.get("ResourceID") or "")
        image = _image(package.read(place)) if place and len(bounds) == 4 else None
        if image is None:
            continue
        size = round(bounds[2] * scale), round(bounds[3] * scale)
        if 0 < size[0] <= 4 * canvas.width and 0 < size[1] <= 4 * canvas.height:
            canvas.paste(image.resize(size), (round((bounds[0] - left) * scale), round((bounds[1] - top) * scale)))
            pasted = True
    return numpy.asarray(canvas) if pasted else None


def _image(data: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(data))
        if image.width * image.height > limits().pixels:
            return None
        return image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def _box(element: _Element | None) -> tuple[float, ...] | None:
    found = _numbers(element.text if element is not None else None)
    return found if len(found) == 4 and 0 < found[2] < 5000 and 0 < found[3] < 5000 else None


def _numbers(text: str | None) -> tuple[float, ...]:
    try:
        found = tuple(map(float, (text or "").split()))
    except ValueError:
        return ()
    return found if all(map(math.isfinite, found)) else ()

#!/usr/bin/env bash
# 收件文件夹：把放进来的报告逐份检查，通过的移到「通过」，缺项的移到「退回」，读不出的移到「待处理」，结果放在旁边。
# 用法：drop-folder.sh 收件文件夹 [auditor check 的选项…]，由 cron 每隔几分钟运行一次。
# cron 的 PATH 很短：auditor 装在别处时，在 crontab 里写明 PATH。
# 正在复制的文件不动：一分钟内改动过的留到下一次（SETTLE=0 则不等）。
set -euo pipefail

inbox=${1:?用法：drop-folder.sh 收件文件夹 [选项…]}
shift
[ -d "$inbox" ] || { echo "收件文件夹不存在：$inbox；请先建好，或改正路径" >&2; exit 2; }
command -v auditor > /dev/null || { echo "找不到 auditor；请把它所在的文件夹写进 PATH（crontab 里也要写）" >&2; exit 2; }
for option in "$@"; do
  case $option in
    --manifest | --manifest=*)
      echo "这里逐份检查，清单上其余的单位会都算未报送，所以不能用 --manifest；请对整批报告运行 auditor check --manifest 清单" >&2
      exit 2
      ;;
  esac
done
lock="$inbox/.auditor.lock"
if ! mkdir "$lock" 2> /dev/null; then
  [ -d "$lock" ] || { echo "收件文件夹不能写入：$inbox" >&2; exit 2; }
  echo "上一次还没有结束；如果确实没有在运行（如中途断电），用 rmdir '$lock' 去掉这个标记" >&2
  exit 0
fi
trap 'rmdir "$lock"' EXIT
mkdir -p "$inbox/通过" "$inbox/退回" "$inbox/待处理"

settled=(-mmin "+${SETTLE:-1}")
[ "${SETTLE:-1}" != 0 ] || settled=()
find "$inbox" -maxdepth 1 -type f ! -name '.*' ! -name '~$*' "${settled[@]}" -print0 | sort -z |
  while IFS= read -r -d '' file; do
    name=${file##*/}
    result=$(mktemp)
    code=0
    auditor check "$file" "$@" -f "md=$result" < /dev/null > /dev/null 2> "$result.err" || code=$?
    case $code in
      0) place=通过 ;;
      1) place=退回 ;;
      3 | 4) place=待处理 ;;
      *) cat "$result.err" >&2; rm -f "$result" "$result.err"; exit "$code" ;;
    esac
    [ -s "$result" ] || cp "$result.err" "$result"
    target="$inbox/$place/$name"
    number=1
    while [ -e "$target" ]; do number=$((number + 1)); target="$inbox/$place/$number-$name"; done
    mv "$file" "$target"
    mv "$result" "$target.检查结果.md"
    chmod 644 "$target.检查结果.md"
    rm -f "$result.err"
    echo "$place  $name"
  done

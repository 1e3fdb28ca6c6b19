"""What a unit's name tells of its level."""

from __future__ import annotations

from auditor.expressions import expression
from auditor.report import Level
from auditor.words import LEVEL, Lang

AREA = r"(?:省|市|县|区|旗|州|盟|镇|乡|街道|苏木|片区|新区|开发区|实验区|示范区|地区|林区|兵团)"
ORGAN = expression(
    rf"(?:人民政府|行政公署|行署|管理委员会|管委会|街道办事处|办事处|{AREA}管理局|局|厅|委员会|办公室|办|委|院|总队|支队|大队|中心|部|所|站|公司|集团)$"
)

MUNICIPALITIES = frozenset(("北京市", "天津市", "上海市", "重庆市"))

# County-level cities (县级市). A name that is missing here is taken for a prefecture-level city unless the text says otherwise.
_COUNTY_CITIES = """
辛集 晋州 新乐 遵化 迁安 滦州 武安 沙河 南宫 涿州 安国 高碑店 定州 平泉 泊头 任丘 黄骅 河间 霸州 三河 深州
古交 高平 怀仁 介休 永济 河津 原平 侯马 霍州 孝义 汾阳
霍林郭勒 满洲里 牙克石 扎兰屯 额尔古纳 根河 丰镇 乌兰浩特 阿尔山 二连浩特 锡林浩特
新民 瓦房店 庄河 海城 东港 凤城 凌海 北镇 盖州 大石桥 灯塔 调兵山 开原 北票 凌源 兴城
榆树 德惠 公主岭 蛟河 桦甸 舒兰 磐石 双辽 梅河口 集安 临江 扶余 洮南 大安 延吉 图们 敦化 珲春 龙井 和龙
尚志 五常 讷河 虎林 密山 铁力 同江 富锦 抚远 绥芬河 海林 宁安 穆棱 东宁 北安 五大连池 嫩江 安达 肇东 海伦 漠河
江阴 宜兴 新沂 邳州 溧阳 常熟 张家港 昆山 太仓 启东 如皋 海安 东台 仪征 高邮 丹阳 扬中 句容 兴化 靖江 泰兴
建德 余姚 慈溪 瑞安 乐清 龙港 海宁 平湖 桐乡 诸暨 嵊州 兰溪 义乌 东阳 永康 江山 温岭 临海 玉环 龙泉
巢湖 无为 桐城 潜山 天长 明光 界首 宁国 广德
福清 永安 石狮 晋江 南安 龙海 邵武 武夷山 建瓯 漳平 福安 福鼎
乐平 瑞昌 共青城 庐山 贵溪 瑞金 龙南 井冈山 丰城 樟树 高安 德兴
胶州 平度 莱西 滕州 龙口 莱阳 莱州 招远 栖霞 海阳 青州 诸城 寿光 安丘 高密 昌邑 曲阜 邹城 新泰 肥城 荣成 乳山 乐陵 禹城 临清 邹平
巩义 荥阳 新密 新郑 登封 舞钢 汝州 林州 长垣 卫辉 辉县 沁阳 孟州 禹州 长葛 义马 灵宝 邓州 永城 项城 济源
大冶 丹江口 宜都 当阳 枝江 老河口 枣阳 宜城 钟祥 京山 应城 安陆 汉川 石首 洪湖 松滋 监利 麻城 武穴 赤壁 广水 恩施 利川 仙桃 潜江 天门
浏阳 宁乡 醴陵 湘乡 韶山 耒阳 常宁 武冈 邵东 汨罗 临湘 津市 沅江 资兴 祁阳 洪江 冷水江 涟源 吉首
乐昌 南雄 台山 开平 鹤山 恩平 廉江 雷州 吴川 高州 化州 信宜 四会 兴宁 陆丰 阳春 英德 连州 普宁 罗定
横州 荔浦 岑溪 东兴 桂平 北流 靖西 平果 合山 凭祥
五指山 琼海 文昌 万宁 东方
都江堰 彭州 邛崃 崇州 简阳 广汉 什邡 绵竹 江油 射洪 隆昌 峨眉山 阆中 华蓥 万源 马尔康 康定 会理 西昌
清镇 盘州 赤水 仁怀 黔西 兴义 兴仁 凯里 都匀 福泉
安宁 宣威 腾冲 水富 楚雄 禄丰 个旧 开远 蒙自 弥勒 文山 景洪 大理 瑞丽 芒市 泸水 香格里拉 澄江
米林 错那
彬州 兴平 华阴 韩城 神木 子长
华亭 玉门 敦煌 临夏 合作
玉树 德令哈 格尔木 茫崖 同仁
灵武 青铜峡
阿图什 昌吉 阜康 博乐 阿拉山口 库尔勒 阿克苏 库车 喀什 和田 伊宁 奎屯 霍尔果斯 塔城 乌苏 沙湾 阿勒泰
石河子 阿拉尔 图木舒克 五家渠 北屯 铁门关 双河 可克达拉 昆玉 胡杨河 新星 白杨
"""
COUNTY_CITIES = frozenset(f"{name}市" if not name.endswith("市") else name for name in _COUNTY_CITIES.split())


_LEVELS = {LEVEL[Lang.ZH][level].removesuffix("级"): level for level in Level} | {
    "乡镇": Level.TOWNSHIP,
    "镇": Level.TOWNSHIP,
}


def level_named(value: str) -> Level | None:
    """A level by its code or its Chinese name: ``county``, 县, 县级; None if it is none of them."""
    codes = {level.value: level for level in Level}
    return _LEVELS.get(value.removesuffix("级")) or codes.get(value)


def level_of(unit: str, addressee: str | None = None) -> Level | None:
    """The level of a unit, by its name and, for a city, by whom it reports to."""
    name = expression(r"^中共|委员会$").sub("", unit) if unit.startswith("中共") else unit
    if expression(
        r"(?:镇|乡|街道|苏木)(?:人民政府|办事处|党工委|党委|管委会)?$|街道办|片区管理局$|(?:镇|乡)政府$"
    ).search(name):
        return Level.TOWNSHIP
    if expression(r"(?:管理委员会|管委会|新区|开发区|实验区|示范区|高新区|经开区)$").search(name):
        return Level.COUNTY
    place = expression(r"(?:人民政府|政府|行政公署|行署)(?:办公[室厅])?$").sub("", name)
    if place == name and not expression(rf"{AREA}$").search(place):
        return Level.DEPARTMENT if ORGAN.search(name) else None
    if place.endswith(("省", "自治区")) or place in MUNICIPALITIES:
        return Level.PROVINCE
    if place.endswith(("自治州", "州", "盟", "地区")):
        return Level.CITY
    if place.endswith(("县", "旗", "区")):
        return Level.COUNTY
    if place.endswith("市"):
        return _city_level(place, addressee)
    return None


def _city_level(place: str, addressee: str | None) -> Level:
    """A city under another city, or reporting to one, is of county level."""
    short = expression(r"^.*?(?:省|自治区|自治州|州|盟|地区)(?=.{2,}市$)").sub("", place)
    if short.count("市") > 1 or any(place.endswith(city) for city in COUNTY_CITIES):
        return Level.COUNTY
    above = expression(r"[\u4e00-\u9fff]{2,8}(?:市|州|盟|地区)(?:人民政府|委|政府|行署)").match(addressee or "")
    return Level.COUNTY if above and addressee and place not in addressee else Level.CITY

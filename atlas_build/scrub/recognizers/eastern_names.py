"""Chinese, Korean and Japanese names: a family name, one or two more characters, and a cue beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from atlas_build.model.placeholder import Kind
from atlas_build.scrub.recognizers.family import Family, Hit

SCORE = 0.76
"""A listed family name and a cue, but names of two or three characters are easily parts of words: below other cues."""
_HAN = "\u4e00-\u9fff"
_CHINESE_FAMILIES = (
    "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|歐陽|司馬|諸葛|長孫|长孙"
    "|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹"
    "袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖"
    "龚文"
    "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾範譚鄒陸顧龍萬錢湯賴龔施洪翁庄莊簡詹柯])"
)
_CHINESE_BEFORE = re.compile(
    rf"(?:我是|我叫|我的名字是|名叫|名字叫|叫做|作者(?:改成|改为|写成|写"
    rf"|是|为|：|:)?|联系人(?:是|：|:)?|聯絡人|负责人(?:是|：|:)?|同事"
    rf"|姓名(?:是|：|:)?"
    rf"|收件人(?:是|：|:)?|署名(?:是|：|:)?|感谢|谢谢|謝謝|请教|经理"
    rf"|老师|问一下|问问|告诉|通知|联系|发给|转给|交给|客户|学生"
    rf"|用户名?叫)"
    rf"(?P<name>{_CHINESE_FAMILIES}[{_HAN}]{{1,2}})(?=[^{_HAN}]|$|[的说在和与是要想让先老]|$)"
)
_CHINESE_AFTER = re.compile(
    rf"(?<![{_HAN}])(?P<name>{_CHINESE_FAMILIES}[{_HAN}]{{1,2}})(?=说过?|[,，]?[ ]?(?:你好|您好|早上好|辛苦了)"
    rf"|的(?:电话|手机|邮箱|微信|号码|账号|地址)"
    rf"|表示|先生|女士|小姐|老师|经理|同学|主任|教授|博士|工程师|总监"
    rf"|要求"
    rf"|认为|反馈|审核|批准|同意|写的|提交|负责|让我|告诉|想要|不同意|建议)"
)
_CHINESE_TITLED = re.compile(rf"(?P<name>{_CHINESE_FAMILIES}[{_HAN}]{{0,2}})(?:先生|女士|小姐|老师|经理|教授|博士)")
_KOREAN_FAMILIES = (
    "[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노"
    "하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명"
    "기반왕금옥육인맹제모]"
)
_KOREAN_AFTER = re.compile(
    rf"(?<![가-힣])(?P<name>(?:{_KOREAN_FAMILIES}|남궁|황보|제갈|선우"
    rf"|독고)[가-힣]{{2}})[ ]?(?=님|씨|팀장|대리|과장|부장|차장|사원"
    rf"|교수|책임"
    rf"|선임|매니저|이사님|대표|선배|후배|주임|실장|박사|선생)"
)
_KOREAN_BEFORE = re.compile(
    rf"(?:저는|제 이름은|이름은|이름:|작성자:?|담당자:?|담당자는"
    rf"|고객명:?|작성자는)[ ]?(?P<name>{_KOREAN_FAMILIES}[가-힣]{{1,3}}?)"
    rf"(?=입니다|이에요"
    rf"|예요|이라고|라고|이고|[ ]?[,.\n(<]|$|님|씨)"
)
_KOREAN_SIGNED = re.compile(
    rf"(?P<name>{_KOREAN_FAMILIES}[가-힣]{{2}})[ ]?(?=(?:드림|올림|배상)(?![가-힣]))"
    rf"|(?:감사합니다|고맙습니다|감사드립니다|수고하세요)[.!]?[ \t]{{0,2}}\r?\n[ \t]{{0,4}}"
    rf"(?P<line>{_KOREAN_FAMILIES}[가-힣]{{2}})(?=[ \t]{{0,2}}(?:\r?\n|$))"
)
_JAPANESE_FAMILIES = (
    "(?:佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|渡部|山本|中村|小林|加藤"
    "|吉田|山田|佐々木|山口|松本|井上|木村|林|斎藤|斉藤|齋藤|清水|山崎"
    "|森|池田|橋本|阿部|石川|山下|中島|石井|小川"
    "|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田"
    "|西村|藤井|金子|岡本|藤原|中野|三浦|原田|中川|松田|竹内|小野|田村"
    "|中山|和田|石田|森田|上田|原|内田|柴田|酒井"
    "|宮崎|横山|高木|安藤|宮本|大野|小島|谷口|今井|工藤|高田|増田|丸山"
    "|杉山|村田|大塚|新井|小山|平野|藤本|河野|上野|野口|武田|松井|千葉"
    "|菅原|岩崎|久保|木下|佐野|野村|松尾|市川"
    "|菊地|菊池|杉本|古川|大西|島田|水野|桜井|渡瀬|吉川|山内|西田|西川"
    "|北村|五十嵐|安田|中田|川口|平田|東|川崎|飯田|本田|久保田|吉村"
    "|沢田|中西|岩田|服部|辻|関|樋口|川上|永井"
    "|松岡|田口|山中|森本|土屋|矢野|秋山|広瀬|石原|松下|大橋|馬場|浜田"
    "|吉岡|小池|浅野|荒木|熊谷|大久保|野田|川村|田辺|星野|黒田|堀|尾崎"
    "|望月|永田|内藤|松村|西山|大谷|平井|榎本"
    "|片山|早川|横田|岡|荒井|大島|鎌田|成田|小松|宮田|高野|南|須藤|石橋|天野|岩本|萩原|栗原|小田|福島|三宅|相馬)"
)
_JAPANESE_AFTER = re.compile(
    rf"(?P<name>{_JAPANESE_FAMILIES}[{_HAN}ぁ-んァ-ヶ]{{0,4}}?)[ 　]?(?="
    rf"さん|様|さま|氏|くん|君|ちゃん|先生|部長|課長|係長|主任|社長|先輩"
    rf"|殿|マネージャー)"
)
_JAPANESE_SELF = re.compile(
    rf"(?:^|[、。,.!！?？\s「]|私は|担当は|担当の|名前は|作者は"
    rf"|作成者[:：]?)(?P<name>{_JAPANESE_FAMILIES}[{_HAN}]{{0,3}})(?=です"
    rf"|と申します"
    rf"|と言います|といいます|より|でございます|が担当|に確認|に連絡)"
)
_CHINESE_SIGNED = re.compile(
    rf"(?:敬礼|敬禮|祝好|祝顺利|谢谢|謝謝|感谢|感謝|多谢|多謝|商祺|拜托了)[！!。.，,]?[ \t]{{0,2}}\r?\n[ \t]{{0,4}}"
    rf"(?P<name>{_CHINESE_FAMILIES}[{_HAN}]{{1,2}})(?=[ \t]{{0,2}}(?:敬上|谨上|上)?[ \t]{{0,2}}(?:\r?\n|$))"
)
_JAPANESE_SIGNED = re.compile(
    rf"(?:お願い(?:いた|致)?します|お願い申し上げます|以上です|以上|敬具|草々|ありがとうございま(?:す|した)|失礼します)[。！!.]?"
    rf"[ \t]{{0,2}}\r?\n[ \t　]{{0,4}}(?P<name>{_JAPANESE_FAMILIES}[ 　]?[{_HAN}ぁ-ん]{{0,4}}?)"
    rf"(?=(?:より|拝)?[ \t]{{0,2}}(?:\r?\n|$))"
)
"""Behind the phrases that end a letter: a listed family name, and a line that holds nothing else."""
_NOBODY = "未知|不明|匿名|佚名|未定|管理|系统|システム|自动|自動|全员|全員|미상|없음|관리자|시스템|익명"
_TRAILERS = re.compile(
    rf"(?:Author|Commit(?:ter)?|From|To|Cc|by|[Nn]ame|作者|提交者|作成者|작성자|@author"
    rf"|user\.name)[\"']?[ \t]?[:：= ][ \t]{{0,3}}[\"']?(?P<name>(?!{_NOBODY})(?:[{_HAN}]{{2,4}}"
    rf"|[가-힣]{{2,4}}))(?=[ \t]?[<\"'\n,，。(]|$)"
)


class EasternNames(Family):
    kinds: ClassVar = (Kind.PERSON,)
    _script = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")

    def may_hold(self, text: str) -> bool:
        return not text.isascii() and self._script.search(text) is not None

    def find(self, text: str) -> Iterator[Hit]:
        for rule, pattern in _RULES:
            for match in pattern.finditer(text):
                group = match.lastgroup or "name"
                yield Hit(*match.span(group), Kind.PERSON, SCORE, rule)


_RULES = (
    ("chinese-before", _CHINESE_BEFORE),
    ("chinese-after", _CHINESE_AFTER),
    ("chinese-titled", _CHINESE_TITLED),
    ("korean-after", _KOREAN_AFTER),
    ("korean-before", _KOREAN_BEFORE),
    ("japanese-after", _JAPANESE_AFTER),
    ("japanese-self", _JAPANESE_SELF),
    ("chinese-signed", _CHINESE_SIGNED),
    ("korean-signed", _KOREAN_SIGNED),
    ("japanese-signed", _JAPANESE_SIGNED),
    ("eastern-trailer", _TRAILERS),
)

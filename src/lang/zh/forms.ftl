# 表单与附件

R040 = “{$field}”填写的内容有 {$size} KiB，超过 {$limit} KiB
    .help = 请精简文字；照片和文件作为附件上传，不要写进表单
R041 = “{$field}”应当按字段填写
    .help = 写成 {"{"}"字段": "内容"{"}"} 的样子；字段可以用编号，也可以用中文名称
R042 = “{$field}”里没有“{$word}”这一栏{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 可以填的有：{$known}
R043 = 必须填写“{$field}”{$row ->
    [0] {""}
   *[other] （第 {$row} 行）
 }
    .help = 请补填；填空白等于没有填
R044 = “{$field}”写了两次
    .help = 每一栏、每一项、每张照片只写一次；编号和中文名称不要同时用
R045 = “{$field}”应当填文字，写的是 {$word}
    .help = 请用引号写成文字
R046 = “{$field}”应当填数字，写的是 {$word}
    .help = 只写数字，不带引号、单位和逗号，例如 12 或 12.5
R047 = “{$field}”{$row ->
    [0] {""}
   *[other] （第 {$row} 行）
 }应当填日期，写的是 {$word}
    .help = 写成 2026-03-13、2026/3/13 或 2026年3月13日
R048 = “{$field}”应当填日期和时间，写的是 {$word}
    .help = 写成 2026-03-13 09:30 或 2026年3月13日 9:30
R049 = “{$field}”{$row ->
    [0] {""}
   *[other] （第 {$row} 行）
 }不能填“{$word}”{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 可以填：{$known}
R050 = 检查项目“{$field}”没有填结果
    .help = 每一项都要填：{$good}、{$bad}、{$none}
R051 = 检查项目“{$field}”的结果不能写“{$word}”{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 只能填：{$good}、{$bad}、{$none}
R052 = 这张单子没有检查项目“{$word}”{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }（{$field}）
    .help = 这次要检查的有：{$known}
R053 = “{$field}”应当填成列表
    .help = 用方括号括起来，例如 ["一", "二"]；表格每行写成 {"{"}"栏": "内容"{"}"}
R054 = “{$field}”至少要 {$min} 个，现在有 {$found} 个
    .help = {$of ->
        [files] 照片放在表单旁边，在表单里写文件名；或者用 --attach "{$field}=文件名" 附上，几张就写几次
       *[rows] 请补齐后再提交
     }
R055 = “{$field}”应当填位置，写的是 {$word}
    .help = 写成 {"{"}"lat": 纬度, "lon": 经度{"}"}，纬度在 −90 至 90 之间，经度在 −180 至 180 之间
R193 = “{$field}”应当填时长，写的是 {$word}
    .help = 写成“5 工作日”“10 自然日”“24 小时”这样的正数加单位
R173 = “{$item}”答了“{$bad}”，“{$field}”里却没有写这一项
    .help = 在“{$field}”中写明“{$item}”的问题和等级；答错了的，改正检查结果再交
R174 = “{$field}”里的“{$word}”不是上次发现的问题
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
   *[no] 要逐项答的是：{$known}
 }
R175 = “{$field}”里还没有答“{$row}”
    .help = 发现的每一个问题都要有一行，写明整改情况
R056 = “{$field}”所指的附件 {$word} 不在这条指令里
    .help = 请先上传附件，再填上传后得到的编号
R057 = 附件“{$field}”有 {$size} MiB，超过 {$limit} MiB
    .help = 请压缩或分成几个文件
R058 = 附件“{$field}”不是可以收的文件
    .help = 按内容判断，不看文件名。可以收：{$known}
R059 = 这条指令已有 {$limit} 个附件，不能再加“{$field}”
    .help = 请合并文件，或附在相关的另一条指令上
form-none = 现在这一步不用填表；要看别的步骤的表，用 --step 写明是哪一步
form-attached = 必须附上照片，交表时在命令后面写：
form-attach = --attach "{$field}=照片文件名.jpg"（至少 {$count} 个，每个写一次 --attach）
form-by-case = 视填的内容而定，需要时加上：
form-optional = 可以不填，要填时加上：
form-text = 文字
form-number = 数字，不加引号
form-date = 年-月-日
form-moment = 年-月-日 时:分
form-length = 时长，例如 7 天
form-photo = 照片文件名.jpg
form-signature = 签名图片文件名.jpg
form-lat = 纬度，数字，不加引号
form-lon = 经度，数字，不加引号
cli-arg-blank-form = 印出这一步的空表（JSON）：存成文件，填好后用 order act --form 交

# 规则文件：写法（Y）与内容（P）的问题
Y001 = 从这里起读不懂：写法不合 YAML 的规矩
    .help = 看这一行和上一行：缩进要对齐，冒号后要有空格，含有 : # {"{"} {"}"} [ ] , & * ! 的文字要加英文双引号
Y002 = 这里打开的括号或引号没有配对地关上
    .help = 在该结束的地方补上对应的 ]、{"}"} 或引号；列表各项之间用半角逗号隔开
Y003 = 这一行的缩进和上下文对不齐
    .help = 同一层的各行左边要对齐，下一层多缩进两个空格；“- ”开头的各项也要对齐
Y004 = 缩进用了制表符（Tab 键），要用空格
    .help = 把行首的制表符换成空格，每层两个；编辑器里可以设成“用空格代替制表符”
Y005 = { $wanted ->
    [space] 这里是全角空格，要用半角空格
   *[other] 这里的「{$character}」是全角字符，要用半角的「{$wanted}」
 }
    .help = 切换到英文输入法，把它改成半角；全角标点只能用在说明文字里
Y006 = 冒号后面缺一个空格
    .help = 写成“名称: 值”，半角冒号后留一个空格
Y007 = 文件是 {$encoding} 编码，要用 UTF-8
    .help = 用编辑器打开后选“另存为”，编码选 UTF-8，再运行一次
Y008 = 这里有一个看不见的控制字符（{$character}）
    .help = 删掉它再重新输入这几个字；它多半是从别处粘贴带来的
Y009 = 这里有一个看不见的字符（{$character}），会让看到的和机器读到的不一样
    .help = 删掉它再重新输入这几个字；它多半是从网页或聊天窗口粘贴带来的
Y010 = 一个文件里只能有一份内容，这里又用 --- 另起了一份
    .help = 删掉 ---，或者把后面一份放到另一个文件
Y011 = 文件是空的（或者只有注释）
    .help = 补上内容；不需要这个文件就删掉它
Y012 = 文件太大，最多 {$limit}
    .help = 拆成几个文件，每个 {$limit} 以内
Y013 = 全部规则文件合计 {$size}，最大 {$limit}
    .help = 检查是不是误放了数据文件；登记簿等数据应放在 register 文件夹或用 wubu import 导入
Y014 = 层层嵌套超过 {$limit} 层
    .help = 减少层数；正常的规则文件不超过十层，多半是括号多打了
Y015 = 规则文件里不用 & 和 * 来引用别处
    .help = 把内容直接写出来；如果 & 或 * 是文字的一部分，给整段文字加英文双引号
Y016 = 规则文件里不用“{$word}”这样的标签
    .help = 删掉感叹号开头的标签；如果感叹号是文字的一部分，给整段文字加英文双引号
Y017 = 条件以感叹号开头却没有加引号，“{$word}”会被当成 YAML 标签
    .help = 给整个条件加英文双引号，例如 when: "!整改完成"
Y018 = 规则文件里不用 << 合并
    .help = 把要合并的内容直接写出来，让看文件的人一眼看全
Y019 = “{$key}”在同一处写了两次，第一次在第 {$first} 行
    .help = 只留一个；两处内容不同的，想清楚该用哪一个
Y020 = 规则文件里不用 % 开头的指令行
    .help = 删掉这一行
Y021 = 冒号左边要是一个名字，这里却是括号
    .help = 检查括号是不是多打了；以 {"{"} 或 [ 开头的文字要加英文双引号
Y022 = 双引号里的反斜杠后面跟了不认识的字符
    .help = 把双引号换成单引号，单引号里的反斜杠就是反斜杠本身
Y023 = 文字里有“冒号加空格”，机器会以为又是一个“名称: 值”
    .help = 给整段文字加英文双引号，或者把半角冒号改成全角“：”
P001 = 这里没有“{$key}”这一项
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 按本文件的写法重写这一项
   *[no] 可以写的有：{$known}
 }
P002 = 缺少“{$key}”这一项
    .help = 补上“{$key}: …”
P003 = 缺少值
    .help = 在冒号后面写上内容；不需要这一项就把整行删掉
P004 = 这里要写{ $want ->
    [map] 若干“名称: 值”
    [list] 一个列表
   *[text] 一段文字
 }，现在是{ $got ->
    [map] 若干“名称: 值”
    [list] 一个列表
   *[text] 一段文字
 }
    .help = { $want ->
    [map] 写成 {"{"}名称: 值, 名称: 值{"}"}，或者换行缩进后一行一项
    [list] 写成 [甲, 乙]，或者换行后每项以“- ”开头
   *[text] 去掉括号或缩进，在冒号后直接写文字
 }
P005 = { $reason ->
    [quoted] 数字“{$word}”加了引号
    [decimal] “{$word}”不是整数
    [infinite] “{$word}”不是一个确定的数
    [spelling] 数字不写成“{$word}”这个样子
   *[other] “{$word}”不是数字
 }
    .help = { $reason ->
    [quoted] 去掉引号，直接写数字
    [decimal] 写整数，不带小数点
   *[other] 写成 12、-3 或 0.5 这样：不加正号、前导零、千分号、单位，不用科学记数
 }
P006 = 数字“{$word}”太大
    .help = 如果它是编号，请加英文双引号；如果是数量，请核对
P007 = {$word} 超出范围，只能是 {$min} 至 {$max}
    .help = 改成 {$min} 至 {$max} 之间的数
P008 = { $quoted ->
    [yes] “{$word}”加了引号，成了一段文字
   *[no] 是或否只能写 true（是）或 false（否），不能写“{$word}”
 }
    .help = 改成 true 或 false，不加引号
P009 = “{$word}”是编号或文字，却没有加引号：别的程序会把它当成数字或真假值，前面的零也会丢
    .help = 加英文双引号："{$word}"
P010 = { $reason ->
    [look-alike] 名字“{$word}”里的“{$character}”是外文字母，只是看起来像英文字母
   *[character] 名字“{$word}”里不能有“{$character}”
 }
    .help = 名字只用汉字、字母、数字、下划线和连字符，中间不留空格
P011 = { $reason ->
    [count] “{$word}”前面没有整数
    [long] “{$word}”太长
   *[unit] “{$word}”的单位不清楚
 }
    .help = 写成“数字 单位”，单位只有：工作日、自然日、小时、个月、年；例如 5 工作日、2 个月（“天”要说明是工作日还是自然日）
P012 = 期限“{$word}”要大于零
    .help = 写一个正数；提前几天的写法只用在 overdue 的 after 里
P013 = “{$word}”：巡查周期不按小时算
    .help = 改成自然日、工作日、个月或年
P014 = “{$word}”不是日期
    .help = 写成 2026-01-01 这样，月和日各两位；核对这一天是否存在
P015 = “{$word}”不是年份
    .help = 写四位数字，例如 2026
P016 = 这里不能写“{$word}”
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}
 }
P017 = “{$word}”要在条件里使用，不能这样取名
    .help = 只用汉字、字母、数字和下划线，不以数字开头，不用连字符、点和斜线
P018 = “{$word}”在条件里另有含义，不能用作步骤或事实的名字
    .help = 换一个名字
P019 = “{$word}”是系统已有的名字
    .help = 换一个名字；系统已有的不用再声明
P020 = “{$word}”重复了
    .help = 改名或删掉其中一个
P021 = 这里写的是“{$word}”，文件（或文件夹）名是“{$file}”，两者要一致
    .help = 改成“{$file}”，或者把文件改名
P022 = “{$key}”里一项也没有
    .help = 至少写一项
P023 = 这里用不上“{$key}”
    .help = 删掉这一项，或者核对类型选得对不对
P024 = 这里还要写“{$key}”
    .help = 补上“{$key}: …”
P025 = 没有读取 {$path}：它不在规定的位置，或者扩展名不对
    .help = 规则文件的扩展名是 .yaml 或 .rhai，放在 workflows、rules、calendars、stations/<所>/ 下面，不再分子文件夹
P026 = 没有找到 bureau.yaml
    .help = 用 --policy 指明规则文件夹，或者用 wubu init 新建一个
P027 = 没有等级表
    .help = 在 rules/tiers.yaml 里写 order 和 tiers
P028 = 等级表只能有一份，这里又写了一份
    .help = 合并到一个文件里
P029 = 看不出这个文件是什么表：没有 tiers、table 或 params
    .help = 等级表写 order 和 tiers；查询表写 table、key、columns、rows；参数写 params；文书写在 rules/documents.yaml，法定期限写在 rules/clocks.yaml
P030 = 条件总数超过 {$limit} 个
    .help = 把不用的流程文件移走
P031 = {$first} 至 {$last} 超过 {$limit} 天，不像是一个假期
    .help = 核对年份和月份
P032 = “{$word}”不在 register 文件夹里
    .help = 所和片区的名单、边界放在 register 文件夹，写成 register/stations.csv 这样
P040 = 没有“{$word}”这个步骤
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在本流程的 steps: 里写这个步骤
   *[no] 可以写的有：{$known}
 }
P041 = 没有“{$word}”这个角色
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 bureau.yaml 的 roles: 里写这个角色
   *[no] 可以写的有：{$known}
 }
P042 = 没有“{$word}”这个流程
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 workflows 文件夹里写这个流程
   *[no] 可以写的有：{$known}
 }
P043 = 没有“{$word}”这张表单
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在本文件的 forms: 里写这张表单
   *[no] 可以写的有：{$known}
 }
P044 = 没有“{$word}”这种文书
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 rules/documents.yaml 里写这种文书
   *[no] 可以写的有：{$known}
 }
P045 = 没有“{$word}”这个法定期限
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 rules/clocks.yaml 里写这个期限
   *[no] 可以写的有：{$known}
 }
P046 = 没有“{$word}”这张表
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 rules 文件夹里写这张表
   *[no] 可以写的有：{$known}
 }
P047 = 这张表没有“{$word}”这一列
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在这张表的 columns: 里写这一列
   *[no] 可以写的有：{$known}
 }
P048 = 监管对象没有“{$word}”这个属性
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 bureau.yaml 的 subject.attributes: 里写这个属性
   *[no] 可以写的有：{$known}
 }
P049 = 没有“{$word}”这个字段
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在表单的 fields: 里写这一栏
   *[no] 可以写的有：{$known}
 }
P050 = 没有“{$word}”这个问题级别
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 bureau.yaml 的 problem_levels: 里写各个级别
   *[no] 可以写的有：{$known}
 }
P051 = 没有“{$word}”这个等级
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 rules/tiers.yaml 里写各个等级
   *[no] 可以写的有：{$known}
 }
P052 = 等级表里没有“{$word}”这一列期限
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 rules/tiers.yaml 的各等级里写这个期限
   *[no] 可以写的有：{$known}
 }
P053 = calendars 文件夹里没有“{$word}”这份日历
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 calendars 文件夹里放一份日历
   *[no] 可以写的有：{$known}
 }
P054 = 没有“{$word}”这项职责
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 bureau.yaml 的 duties: 里写这项职责
   *[no] 可以写的有：{$known}
 }
P055 = 没有“{$word}”这个文件可以对照
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}
 }
P056 = 没有“{$word}”这个触发（要写成 流程/触发）
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在流程的 start: 里写这个触发
   *[no] 可以写的有：{$known}
 }
P057 = 没有“{$word}”这个时区
    .help = 中国大陆写 Asia/Shanghai；最接近的写法是 {$nearest}
P060 = 步骤“{$step}”没有写要做什么
    .help = 写 who（谁办）、run（转入别的流程）、start（另行发起）、parallel（并行），或者 end: true（到此结束）
P061 = 步骤“{$step}”同时写了两种做法
    .help = 一个步骤只做一件事：who、run、parallel、start/set/draw 里选一种，其余的另立步骤
P062 = who 里要写而且只能写一个：role、duty 或 same_as
    .help = 例如 {"{"}role: 所长{"}"}、{"{"}duty: subject.grid{"}"}、{"{"}same_as: patrol{"}"}
P063 = “{$word}”不是由人办理的另一个步骤，不能说“同一批人”
    .help = same_as 要写前面由人办理（有 who）的步骤
P064 = station 只能写 subject.station，不能写“{$word}”
    .help = 改成 subject.station，或者删掉这一项
P065 = 看不懂要回避谁：“{$word}”
    .help = 写 conflicts（有利害关系的），或者 <步骤>.done_by（办过那一步的人），例如 patrol.done_by
P066 = 步骤“{$step}”办完以后没有去处
    .help = 写 next，或者 end: true
P067 = 步骤“{$step}”既写了 end 又写了 next
    .help = 到此结束就删掉 next，否则删掉 end
P068 = 步骤“{$step}”的 next 最后一行还带条件：各条件都不成立时就没有去处
    .help = 在最后加一行不带 when 的，写明其余情况去哪一步
P069 = 这一行没有 when，后面的各行永远轮不到
    .help = 把它移到最后，或者补上 when
P070 = 没有任何一步能走到“{$step}”
    .help = 在某一步的 next 里写 go: {$step}；用不上就删掉它
P071 = 从“{$step}”出发永远走不到结束
    .help = 让它或它后面的某一步通到带 end: true 的步骤
P072 = 这里可以无限循环：{$path}
    .help = 给圈里的一步写 visits: {"{"}at_most: 次数, then: 用完后去的步骤{"}"}，而且 then 要通到圈外
P073 = 一个流程最多 {$limit} 个步骤
    .help = 拆成几个流程，用 run 连起来
P074 = 第 {$level} 级督办写了两次
    .help = 每一级只写一行
P075 = 第 {$level} 级和第 {$other} 级的时间次序不对：级别高的要更晚
    .help = 核对 after 和 level
P076 = 步骤“{$step}”写了 overdue 却没有 due 或 clock，无从算起
    .help = 补上 due；有法定期限的写 clock
P077 = 步骤“{$step}”是一次检查，它的表单要有 {$arrived}（到场时间）和 {$problems}（问题表，含 {$level} 一列）
    .help = 在它的表单里加上这两个字段，或者删掉 records: inspection
P078 = 表单“{$form}”里的问题级别（{$levels}）和 bureau.yaml 的 problem_levels（{$known}）不一致
    .help = 改成一致
P079 = 等级“{$tier}”没有“{$word}”
    .help = 在 rules/tiers.yaml 的“{$tier}”里补上
P080 = 事实“{$word}”绕了一圈又用到自己
    .help = 让其中一个不再引用另一个
P081 = 信号要写而且只能写一个：do、go 或 start
    .help = 例如 {"{"}on: subject.closed, do: cancel{"}"}；do 可以是 cancel 撤销、hold 暂停、resume 恢复、open 开单、chief 交负责人
P082 = 流程绕了一圈又转入自己：{$path}
    .help = 去掉其中一个 run
P083 = 流程一层套一层超过 {$limit} 层：{$path}
    .help = 减少层数
P084 = do: open 只能用在 for: subject 的流程
    .help = 信号说的是某一户的事；改 for，或者另写一个 for: subject 的流程
P090 = recur 只能用在 for: subject 的流程
    .help = 改 for，或者删掉 recur 只按定时发起
P091 = 周期从“{$word}”算起，看不懂
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}
 }
P092 = “{$word}”不是日期，周期不能从它算起
    .help = 换一个 type: date 的属性
P093 = first 从成立日期算起，但监管对象没有 registered 这个日期属性
    .help = 在 bureau.yaml 的 attributes 里声明 registered（type: date），或者删掉 first
P094 = 看不懂“{$word}”
    .help = 写成“40 per officer per month”：数量、按谁（officer、grid、station、subject）、按什么时段（day、week、month、year）
P095 = anchor 固定在每月某日，周期却是“{$word}”，不按月算
    .help = 周期改用个月或年，或者把 anchor 改成 rolling
P096 = { $tier ->
    [none] 周期
   *[other] 等级“{$tier}”的周期
 }“{$cycle}”一年要上门 {$needed} 次，at_most 只允许 {$allowed} 次
    .help = 延长周期，或者放宽 at_most
P097 = 等级“{$word}”没有排进 order
    .help = 在 order 里写上它，从高到低
P098 = “{$tier}”比“{$other}”风险高，巡查周期却更长
    .help = 核对两个等级的 cycle
P099 = 这一版的起始日期不晚于上一版
    .help = 各版按 from 从早到晚排列，不重复
P100 = 这里没有“{$word}”，开放不了
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}
 }
P101 = “{$word}”不能这样改
    .help = 期限写 shorten（等级的其他期限也可写 within），清单写 add，督办写 add-or-earlier，参数写 lower 或 raise，at_most 写 lower，脚本写 raise
P103 = 没有“{$word}”这个地方
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 分局还没有开放任何地方（station_may）
   *[no] 写成 流程.steps.步骤.due、流程.forms.表单.items、流程.start.触发.at_most、tiers.等级.cycle 或 params.参数 这样，用名字，不用序号；开放的有：{$known}
 }
P104 = 分局没有开放“{$word}”这样改
    .help = { $some ->
    [no] 分局在这里什么也没有开放；确有需要请分局在 station_may 里先开放
   *[yes] 这里开放的只有 {$open}；确有需要请分局在 station_may 里先开放
 }
P105 = { $why ->
    [range] “{$word}”不行：分局只留了一个范围
    [unit] “{$word}”的单位和分局的不一样（分局最多是 {$most}），谁长谁短要看日历，不收
   *[looser] “{$word}”不行：各所只能更严{ $most ->
        [none] {""}
       *[other] （分局最多是 {$most}）
    }{ $floor ->
        [none] {""}
       *[other] ，也不能低于 {$floor}
    }
 }
    .help = { $one ->
    [yes] 这里只能写 {$most}，没有更严的余地
   *[no] { $floor ->
        [none] 写 {$most} 或者更严的，单位和分局的一致
       *[other] { $most ->
            [none] 写 {$floor} 以上
           *[other] 在 {$floor} 到 {$most} 之间写，单位和分局的一致
        }
    }
 }
P106 = 有效期的结束早于开始
    .help = 核对 valid 的 from 和 to
P107 = { $short ->
    [yes] “{$word}”太短：{$file} 的摘要要写前 6 位以上，现在是 {$digest}
   *[no] {$file} 在这份细则核对之后改过，现在的摘要是 {$digest}
 }
    .help = { $short ->
    [yes] 写成 "{$digest}"
   *[no] 没有报别的问题，就是各处仍然成立，细则照常执行；下次修改时把摘要改过来
 }
P108 = “{$word}”不是公布过的检查事项
    .help = 补上 published_item_id，即公布清单里的编号；各所只能加公布过的事项
P109 = {$word} 不能放在第 {$level} 级：分局这一级是 {$was}
    .help = 写分局的那一天或者更早，单位一致，或者另用一级；分局在这一级已经启动流程的，不再写 start
P110 = 本所有两份细则在同一段日子里都设了“{$word}”
    .help = 让前一份在后一份开始之前结束，或者只在其中一份里改
P111 = 第 {$level} 级的 {$word} 和“{$step}”的其他级对不上：级别要随时间升高
    .help = 用 wubu effective {$workflow} --station {$station} 对照整个督办阶梯
P112 = 等级“{$tier}”的周期“{$cycle}”一年要上门 {$needed} 次，at_most 只允许 {$allowed} 次
    .help = 延长周期，或者请分局放宽 at_most
P113 = 细则“{$word}”已于 {$to} 结束，和现在的规定已经不合
    .help = 不影响启用，也不再执行；不要了可以删去
P181 = “{$word}”不是一天里的时刻
    .help = 写成 "02:30" 这样，加引号
P120 = “{$word}”不是邮件地址
    .help = 写成 wubu@bureau.example 这样：一个 @，前后都用字母、数字和点
P121 = “{$word}”不是可以调用的网址
    .help = 以 https:// 开头（本机可用 http://），写明主机，不带 # 后面的部分
P122 = 网址里带有口令或密钥，规则文件里不能写这些
    .help = 从网址里删去；密钥写在运行环境变量 WUBU_WEBHOOK_SECRET（或加上名称，WUBU_WEBHOOK_SECRET_名称）里
P123 = 发往“{$word}”的通知不加密，途中能被看到
    .help = 对方支持的话改成 https://；只在本单位内网传送的，可以不改
P140 = 看不懂这个时刻“{$word}”
    .help = 写成 2026-03-02T09:00，或者只写日期 2026-03-02（就是当天零时）
P141 = 这个用例没有写明开的是哪个流程
    .help = 写 workflow: 流程名，可以写的有：{$known}
P142 = 没有“{$word}”这种办理
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}
 }
P143 = 没有“{$word}”这个不予办理的代码
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？代码和说明见 docs/codes.md
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 代码和说明见 docs/codes.md，都以 R 或 C 开头
 }
P144 = 这一条的时刻早于上一条
    .help = 各条按时间先后写；核对日期
P145 = 这个用例的人员里没有“{$word}”
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}；新的人加在 given 的 officers 里
 }
P146 = 没有哪个流程接收“{$word}”这个信号
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}
 }
P147 = 没有“{$word}”这个人，也没有这个角色，谈不上告知
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 这类名字还一个也没有写过，先写上再引用
   *[no] 可以写的有：{$known}
 }
P148 = 步骤“{$step}”没有第 {$level} 级提醒或督办
    .help = 这一步 overdue 里有的级别：{$known}
P149 = 步骤里的抽取“{$word}”已经检查并保存，但这一版程序还不抽取，走到这一步只留下记录
    .help = 现在请在系统外抽取，并在后面的步骤里录入结果
P150 = “{$key}”这样写要先在 bureau.yaml 里写 semantics: 2
    .help = 运行 wubu check --fix，现有的规则会改写成第二版，意思不变
P151 = 意见“{$word}”不能又是同意又是退回
    .help = approves、returns 只留一个；只是往下走的，两个都不写
P152 = 意见“{$action}”会回到前面的“{$to}”，要写明是不是退回
    .help = 写成 {"{"}id: {$action}, returns: true{"}"}：是退回，等着签批的文书不会随之签批；不是退回的写成 {"{"}id: {$action}{"}"}
P153 = 表单“{$word}”有检查项目，却没有填写检查项目的栏
    .help = 在 fields 里加一栏，例如 items: {"{"}title: 检查项目, type: items{"}"}
P154 = 这一步是检查，要写明是哪一种、表单里哪一栏是到场时间、哪一栏是发现的问题
    .help = 写成 records: {"{"}inspection: 种类, arrived: 到场时间栏, problems: 问题表, level: 等级列{"}"}
P155 = 没有“{$word}”这一种检查
    .help = { $near ->
    [yes] 是不是想写“{$nearest}”？
    [empty] 先在 bureau.yaml 的 inspection_kinds: 里写各种检查
   *[no] 声明过的有：{$known}；新的加在 bureau.yaml 的 inspection_kinds 里
 }
P156 = { $reason ->
    [unknown] 编号“{$word}”里的 {$part} 不知道填什么
    [year] 编号“{$word}”里有年份，却跨年连续编，看上去会像当年的
   *[missing] 编号“{$word}”里没有 {$part}，会有两个一样的号
 }
    .help = { $reason ->
    [year] 去掉 {$part}，或者写 restart: yearly，每年从 1 起
   *[other] 可以写的有：{$known}
 }
P157 = 职权“{$power}”不能写 persons: {$persons}
    .help = 只有 {$known} 可以写 persons: 2，由一人提交、另一人批准；两人办的步骤写在步骤的 officers: 2，文书的两人签名、作废空白文书的第二人由程序保证
P158 = 属性“{$word}”不是时长，不能当周期
    .help = 换一个 type: length 的属性，或者 type: integer 并写明 unit: 个月 这样的单位
P159 = 期限取自“{$word}”，这一栏说不出期限
    .help = 取自 type: date、datetime 或 length 的栏（表格的列也可以是 date 或 length）；选择的，写成 {"{"}by: 步骤.栏, terms: {"{"}重大: 24 小时, 一般: 15 自然日{"}"}{"}"}
P160 = { $required ->
    [yes] 走到这一步时“{$word}”那一步不一定办过，没有写明那时按什么期限
    [table] “{$word}”可能一行也没有，或者有一行没有填，没有写明那时按什么期限
   *[no] “{$word}”可以不填，没有写明不填时按什么期限
 }
    .help = { $way ->
    [choice] 用 else 写明，例如 else: 10 工作日
   *[value] 用 ?? 写明，例如 {$word} ?? 10 工作日
 }{ $required ->
    [yes] {""}
    [table] {""}
   *[no] ；或者把这一栏写成 required: true
 }
P161 = 没有哪个流程开出“{$workflow}”的指令，也就没有上级指令（parent）
    .help = 在上级流程的步骤里写 run: {$workflow}；不由别的流程开出的，期限改取自本流程的步骤
P162 = “{$step}”是“{$parallel}”的一部分，这里却走到不属于这一部分的“{$to}”，别的部分不会等它
    .help = 这一部分到此为止的，写 go: {$word}，各部分都到了再往下走；要做“{$to}”的，写在“{$parallel}”的 next 里
P163 = 可以选“{$word}”，却没有写明那时的期限
    .help = 在 terms 里写上 {$word}，或者用 else 写明其余的按什么期限
P170 = 表格要逐行答“{$word}”，却没有这样的表格，或者那张表没有本表第一列的那一列
    .help = 写成 步骤名.栏名，例如 for_each: patrol.problems；两张表的第一列用同一个名字，例如 item
P171 = 步骤“{$step}”有期限，过了期却不告诉任何人
    .help = 加上督办，例如 overdue: [{"{"}after: 0 工作日, level: 1, tell: [经办人, 所长]{"}"}]
P175 = “{$word}”没有人会问：这张表单没有检查项目一栏，或者没有表单按等级的项目检查
    .help = 加到有检查项目（type: items）的表单里，例如巡查记录；确要在这里问，请分局给这张表单加一栏
P176 = “{$title}”用了“{$known}”的编号 {$id}
    .help = 另取一个编号；同一个编号、同一个名称的算同一项，不重复问
P177 = 名单里没有“{$word}”这个工商所
    .help = { $near ->
    [yes] 是不是“{$nearest}”？
    [empty] 名单里还没有工商所
   *[no] 名单里有：{$known}
 }
P178 = 不知道“{$word}”是不是分局的工商所：bureau.yaml 没有写名单
    .help = 写上 stations: {"{"}file: register/stations.csv{"}"}，就能核对；名称写错了，这份细则对谁都不起作用
P179 = “{$word}”的 floor、ceiling { $number ->
    [yes] 要写数
   *[no] 要写时长
 }
    .help = { $number ->
    [yes] 例如 floor: 10
   *[no] 例如 floor: 1 工作日
 }
P180 = “{$word}”要写在 { $list ->
    [add] add 下面：这里是一份清单，各所往里加，不改原有的
   *[tighten] tighten 下面：这里是一个值，各所改得更严，不是往里加
 }
    .help = { $list ->
    [add] 从 tighten 移到 add，只列要加的，例如 {$word}: [{"{"}…{"}"}]
   *[tighten] 从 add 移到 tighten，直接写值，例如 {$word}: 1 工作日
 }

label-first = 第一次在这里
label-before = 上一版
label-above = 上一条
label-declared = 声明在这里
label-tier = 这个等级
label-also = 另一种写在这里
label-from = 从这一天起
label-other = 和这里比
label-row = 这一行
label-base = 核对之后改过
label-misfit = 这里已经不合
label-bureau = 分局的

# 导入：文件、行、单元格的问题。I00x、I01x 整个文件不读；I02x 至 I07x 只退回那一行。
I001 = 文件超过 {$limit} GB
    .help = 拆成几个文件，分别导入
I002 = 这是 Excel 工作簿，不是 CSV 文本
    .help = 在 Excel 中另存为「CSV UTF-8（逗号分隔）」，再导入
I003 = 这是网页，只是换了扩展名
    .help = 用 Excel 打开后另存为「CSV UTF-8（逗号分隔）」，再导入
I004 = 这个文件不是文本
    .help = 导入的应是 CSV 文件；从原系统重新导出一份
I005 = 第 {$line} 行起的文字既不是 UTF-8 也不是 GB18030（看来像 {$encoding}）
    .help = 另存为「CSV UTF-8」，再导入
I006 = 第 {$line} 行有 {$encoding} 里不存在的字节，文件在传送或另存时损坏了
    .help = 从原系统重新导出；已经读过的行不作数时，整个文件重新导入即可
I007 = 文件是空的，没有标题行
    .help = 第一行写各列的标题，从第二行起写数据
I008 = 各列之间用的是全角逗号或全角分号
    .help = 换成半角逗号，或者在 Excel 中另存为「CSV UTF-8（逗号分隔）」
I009 = 标题行读不出来（第 {$line} 行）
    .help = 检查标题里的引号是否成对，标题行是否过长
I010 = 标题行里没有「{$heading}」这一列，字段 {$field} 要从它来{$is_near ->
        [no] {""}
       *[other] ；是不是「{$nearest}」？
    }
    .help = 改标题行，或者改 bureau.yaml 里 imports 的写法；文件里有：{$known}
I011 = 「{$heading}」这一列有两个：第 {$first} 列和第 {$second} 列
    .help = 删去一列，或者改其中一个的标题
I012 = 没有名为「{$map}」的导入对照{$is_near ->
        [no] {""}
       *[other] ；是不是「{$nearest}」？
    }
    .help = 在 bureau.yaml 的 imports 里写一份；现有：{$known}
I013 = 导入对照「{$map}」没有说明必填的 {$field} 从哪一列来
    .help = 在 bureau.yaml 的 imports 里加上 {$field}：写列的标题，或者写固定值 {"{"}const: …{"}"}
I014 = 导入对照「{$map}」里的 {$field} 不是登记簿的字段{$is_near ->
        [no] {""}
       *[other] ；是不是 {$nearest}？
    }
    .help = 改正字段名；可用的有：{$known}
I015 = 文件超过 {$limit} 行
    .help = 拆成几个文件，分别导入
I016 = 引号大量没有配对，这个文件不是规范的 CSV
    .help = 从原系统重新导出，或者在 Excel 中另存为「CSV UTF-8（逗号分隔）」
I020 = 这一行有 {$got} 格，标题行有 {$expected} 格
    .help = 补上或删去多出的分隔符；单元格里本身有逗号时，整格加半角双引号
I021 = 第 {$nth} 格的双引号没有配对
    .help = 补上格首或格末缺的双引号；格内本来就有双引号的，整格加双引号，格内的写成两个
I022 = 第 {$nth} 格的双引号之后还有文字
    .help = 整格加双引号，格内的双引号写成两个
I023 = 这一行超过 {$limit} KB
    .help = 看看前一行的引号是否配对；过长的内容不要放在登记簿里
I024 = 第 {$nth} 格超过 {$limit} KB
    .help = 看看引号是否配对；过长的内容不要放在登记簿里
I030 = 必填，却是空的
    .help = 填上这一格；这一列都没有时，可在 bureau.yaml 里写默认值
I031 = 编号「{$value}」的第 {$position} 个字符是空格
    .help = 删去编号里的空格，或者对照原件改正
I032 = 编号的第 {$position} 个字符各机显示不同（{$point}）
    .help = 重新输入这个编号，不要从网页上复制
I033 = 编号「{$value}」被 Excel 当成数字损坏了，或者把 0、1 写成了字母
    .help = 在 Excel 里把这一列设为「文本」格式，重新填入原编号后再导出；损坏的位数无法复原。编号确实如此的，在退回文件这一行的「确认无误」里填 是，再导入退回文件
I034 = 统一社会信用代码「{$value}」的校验码不对：第 {$position} 位应为 {$expected}，或者前面某一位有误
    .help = 对照营业执照改正；执照上确实如此的，在退回文件这一行的「确认无误」里填 是，再导入退回文件
I035 = 编号「{$value}」在第 {$first} 行已经有了
    .help = 两行留一行；同一编号在一个文件里只能出现一次
I036 = 「{$value}」是表格公式出错后的结果
    .help = 在表格里改正公式，或者填上真正的值
I037 = 第 {$position} 个字符是控制字符（{$point}）
    .help = 重新输入这一格
I038 = 第 {$position} 个字符在以前的转码中丢失了，只剩「�」
    .help = 从原系统重新导出，或者对照原件补上这个字
I039 = 文字里有看不见或者各机显示不同的字符（{$point}），已照原样收下
    .help = 对照原件看一下；不需要时重新输入后再导入
I040 = 「{$value}」不是能识别的日期
    .help = 写成 2026-02-03、2026/2/3、2026.2.3、20260203 或 2026年2月3日
I041 = 没有「{$value}」这一天
    .help = 对照原件改正
I042 = 「{$value}」的年份只有两位，分不清是哪一年
    .help = 年份写四位，例如 2026-02-03
I043 = 「{$value}」是 Excel 的日期序号，不是日期
    .help = 在 Excel 里把这一列设为日期格式 yyyy-mm-dd，再导出
I044 = 「{$value}」不在 {$from} 年至 {$to} 年之间
    .help = 看看年份是否写错
I045 = 「{$value}」不是数
    .help = 只写数字和小数点，不带单位
I046 = 「{$value}」里有千分位逗号
    .help = 去掉逗号，例如 1200.50
I047 = 「{$value}」不是整数，或者太大
    .help = 只写数字，不带小数点和单位
I048 = 「{$value}」不是问题的个数
    .help = 写 0 至 {$most} 的整数；没有问题时可以空着
I049 = 「{$value}」不是时长
    .help = 写成 3 个月、10 个工作日、1 年 这样：一个正数，加上单位
I050 = 「{$value}」既不是「是」也不是「否」
    .help = 写 是 或 否（true、false、Y、N、1、0 也可以）
I051 = 「{$value}」不在可选的值里{$is_near ->
        [no] {""}
       *[other] ；是不是「{$nearest}」？
    }
    .help = 可选：{$known}
I052 = 「{$table}」里没有「{$value}」
    .help = 改正代码；确实需要时，请管理规则的人在表 {$table_id} 里加上
I053 = 代码「{$value}」可能丢了开头的 0，原来是「{$nearest}」
    .help = 丢了 0 的，在 Excel 里把这一列设为「文本」格式，重新填入后再导出；没有丢的，在退回文件这一行的「确认无误」里填 是，再导入退回文件；每次都有的，在 bureau.yaml 的 imports 里用 values 写明
I054 = 「{$value}」不是能识别的登记状态{$is_near ->
        [no] {""}
       *[other] ；是不是「{$nearest}」？
    }
    .help = 可用：{$known}
I055 = 「{$value}」超出 {$limit} 度
    .help = 看看经度和纬度两列是否对调了
I056 = 只有经度或者只有纬度
    .help = 两格都填，或者都空着
I057 = 没有「{$value}」这个岗位{$is_near ->
        [no] {""}
       *[other] ；是不是「{$nearest}」？
    }
    .help = bureau.yaml 里的岗位有：{$known}
I058 = 「{$value}」不是邮件地址
    .help = 写成 zhao@bureau.example 这样：一个 @，前后都用字母、数字和点；没有的空着
I059 = 止日 {$value} 早于起日 {$from}
    .help = 核对起止两格；任职没有止日的空着
I060 = 登记簿里没有编号为「{$value}」的监管对象
    .help = 先导入监管对象，再导入检查记录
I061 = 没有叫「{$value}」的工商所{$is_near ->
        [no] {""}
       *[other] ；是不是「{$nearest}」？
    }
    .help = 现有：{$known}
I062 = 没有叫「{$value}」的片区{$is_near ->
        [no] {""}
       *[other] ；是不是「{$nearest}」？
    }
    .help = 现有：{$known}
I063 = 没有编号为「{$value}」的监管人员
    .help = 先导入监管人员，或者改正编号
I064 = 写了任职的起止日，没有写岗位
    .help = 在岗位一格写上是哪个岗位的起止日，或者空着起止日

I065 = 「{$value}」还没有到（今天是 {$today}），不会已经巡查过
    .help = 看看年份是否写错；只登记已经做过的检查
I066 = 登记簿里还没有这一个，新登记的必须填这一项
    .help = 填上这一格；不是新登记的，看看编号是否写错
I067 = 统一社会信用代码「{$value}」的第 {$position} 位不会是「{$letter}」{$is_meant ->
        [no] {""}
       *[other] ，可能应为「{$meant}」
    }
    .help = 对照营业执照改正；执照上确实如此的，在退回文件这一行的「确认无误」里填 是，再导入退回文件
I068 = 「{$value}」看来是统一社会信用代码 {$nearest}，夹了别的符号
    .help = 只写 18 位代码
I069 = 「{$value}」是公式，不是编号
    .help = 填上编号本身，这一列设为「文本」格式
I070 = 「{$value}」只是开头像「{$table}」里的代码；完整的代码是 {$digits} 位数字
    .help = 改正代码；确实需要时，请管理规则的人在表 {$table_id} 里加上，或者在 bureau.yaml 的 imports 里用 values 写明对应哪一个
I071 = 片区「{$value}」归{$elsewhere}，不归{$station}
    .help = 改正管辖所或者片区；换了管辖所的，同时写上新的片区。{$station}的片区有：{$known}
I072 = 叫「{$value}」的不止一个
    .help = 写编号；现有：{$known}
# 退回文件
rejects-row = 行号
rejects-column = 有问题的列
rejects-code = 问题代码
rejects-reason = 原因
rejects-cure = 怎么办
rejects-confirmed = 确认无误
rejects-mark = ；

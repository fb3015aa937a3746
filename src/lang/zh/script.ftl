# 规则脚本的提示。S0 是检查时发现的，S1 是执行时发现的。
S001 = {$expects ->
        [semicolon] 这一句末尾缺分号 ;
        [yes] 脚本写到这里读不下去了：{$found}，这里应有 {$wanted}
       *[no] 脚本写到这里读不下去了：{$found}
    }
    .help = 看看这里和上一行：括号是否成对，语句末尾是否少了分号，逗号是否多写或漏写
S002 = 这里用了全角的 {$found}
    .help = 切换到英文输入法，改成半角的 {$ascii}
S003 = {$word} 里的 {$found} 不是英文字母，只是长得像
    .help = 删掉整个词，用英文输入法重新打一遍
S004 = 这段内容太大，上限是 {$limit} KiB
    .help = 把长表格移到 rules 下的 YAML 表里，用 lookup 查；或者拆成几个文件
S005 = 条件套得太深，最多 {$limit} 层
    .help = 很长的“否则如果”请改成表，用 lookup 查；复杂的条件拆成几个有名字的函数
S006 = 规则里不能用 {$word}
    .help = 规则只看这一户的资料和历史，不能看时钟、文件、网络，也不能拦截错误；去掉它
S007 = 这段文字缺少结尾的引号
    .help = 在文字末尾补上英文双引号；文字不能跨行
S008 = 没有叫 {$name} 的东西{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 条件里问监管对象的，写成 subject.属性；脚本里自己的名字先用 let 起；文字要加双引号。这里能用的名字：{$known}
S009 = 没有叫 {$name} 的函数{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 能用的函数是固定的，例如 {$known}；也可以在同一个文件里自己写 fn
S010 = {$name} 要 {$wanted} 个参数，这里写了 {$got} 个
    .help = 对照说明补上或去掉参数，参数之间用半角逗号隔开
S011 = 没有叫 {$attribute} 的资料{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 资料在 bureau.yaml 的 attributes 里声明，可以写编号或中文名。现有：{$known}
S012 = 这里没有叫 {$field} 的字段{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 字段来自表单、步骤或指令。现有：{$known}
S013 = 两边不是一类，不能比较：左边是{$left ->
        [kind-flag] 是或否
        [kind-number] 数
        [kind-text] 文字
        [kind-day] 日期
        [kind-count] 天数
        [kind-subject] 监管对象
        [kind-row] 表的一行
        [kind-record] 一组字段
        [kind-list] 清单
        [kind-lambda] 条件函数
        [kind-nothing] 没有值
       *[other] 别的
    }，右边是{$right ->
        [kind-flag] 是或否
        [kind-number] 数
        [kind-text] 文字
        [kind-day] 日期
        [kind-count] 天数
        [kind-subject] 监管对象
        [kind-row] 表的一行
        [kind-record] 一组字段
        [kind-list] 清单
        [kind-lambda] 条件函数
        [kind-nothing] 没有值
       *[other] 别的
    }
    .help = 数和数比，文字和文字比；数不要加引号，文字要加引号
S014 = 条件应当是“是或否”，这里是{$kind ->
        [kind-flag] 是或否
        [kind-number] 数
        [kind-text] 文字
        [kind-day] 日期
        [kind-count] 天数
        [kind-subject] 监管对象
        [kind-row] 表的一行
        [kind-record] 一组字段
        [kind-list] 清单
        [kind-lambda] 条件函数
        [kind-nothing] 没有值
       *[other] 别的
    }
    .help = 写成比较，例如 面积 > 500；或用 has(…) 问有没有
S015 = {$text} 不在可能的取值里，这个比较永远不成立{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 可能的取值：{$known}
S016 = 不能把监管对象整个拿来用
    .help = 写明用它的哪一项，例如 subject.industry；要交给别的函数，就直接作为参数写进去
S017 = 竖线里的条件只能用它自己的参数，不能用外面的 {$name}
    .help = 把条件写成函数，用 for 逐个判断；或把要比的值直接写出来
S018 = {$list} 可能是空的；空清单上 all 总是成立
    .help = 前面加上 {$list}.len() > 0 &&
S019 = switch 的对象可能没有值，或者不知道是哪一类
    .help = 先用 has(…) 或 ?? 处理没有值的情况，或者改用 if
S020 = 这里可能没有值；真没有时，这一户定不了级
    .help = 先用 has(…) 问，或用 ?? 给一个替代值，例如 (subject.area ?? 0.0)
S021 = “{$text}”不是期间
    .help = 写成数字加单位，例如 12 个月、1 年、30 自然日；不能用工作日或小时
S022 = 这里必须直接写出来，不能用变量
    .help = 把文字写在双引号里，这样装载时就能检查
S023 = 没有叫“{$level}”的问题级别{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 级别在 bureau.yaml 的 problem_levels 里：{$known}
S024 = 没有叫“{$table}”的表{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 表是 rules 下的 YAML 文件。现有：{$known}
S025 = 表 {$table} 没有叫 {$column} 的列{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 现有的列：{$known}
S026 = 没有叫“{$param}”的参数{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 参数在 params 里声明。现有：{$known}
S027 = {$name} 只能放在比较的一边，另一边写数字或 param(…)
    .help = 写成 {$name}(subject.last_patrol) > 90 的样子；这样才算得出哪天会变
S028 = 没有“{$tier}”这个风险等级{$near ->
        [yes] ，是不是要写 {$nearest}？
       *[no] {""}
    }
    .help = 等级在 rules/tiers.yaml 里：{$known}；前后不能有空格
S029 = 这里应当回答{$wanted ->
        [tier] 风险等级（文字）
        [flag] 是或否
       *[other] 数
    }，却是{$kind ->
        [kind-flag] 是或否
        [kind-number] 数
        [kind-text] 文字
        [kind-day] 日期
        [kind-count] 天数
        [kind-subject] 监管对象
        [kind-row] 表的一行
        [kind-record] 一组字段
        [kind-list] 清单
        [kind-lambda] 条件函数
        [kind-nothing] 没有值
       *[other] 别的
    }
    .help = 改成函数该回答的类型
S030 = 走到这里就没有回答了，应当回答{$wanted ->
        [tier] 风险等级（文字）
        [flag] 是或否
       *[other] 数
    }
    .help = 补上 else，或在最后写上回答
S031 = 没有哪个规则文件写了函数 {$name}
    .help = 在 rules/risk.rhai 里写 fn {$name}(subject)
S032 = 函数 {$name} 写了两次
    .help = 只留一个；另一个改名或删掉
S033 = {$name} 会绕回来调用自己
    .help = 规则里的函数不能循环调用；把重复的部分写成 for
S034 = 写得太多，检查不过来，上限是 {$limit}
    .help = 拆成几个文件，或把重复的判断改成表
S035 = 这一句写在函数外面，不会执行
    .help = 把它移进 fn 里，或删掉
S036 = 函数 {$name} 应当正好有一个参数
    .help = 写成 fn {$name}(subject)，名字可以换
S037 = 这里应当是{$wanted ->
        [kind-flag] 是或否
        [kind-number] 数
        [kind-text] 文字
        [kind-day] 日期
        [kind-count] 天数
        [kind-subject] 监管对象
        [kind-row] 表的一行
        [kind-record] 一组字段
        [kind-list] 清单
        [kind-lambda] 条件函数
        [kind-nothing] 没有值
       *[other] 别的
    }，却是{$kind ->
        [kind-flag] 是或否
        [kind-number] 数
        [kind-text] 文字
        [kind-day] 日期
        [kind-count] 天数
        [kind-subject] 监管对象
        [kind-row] 表的一行
        [kind-record] 一组字段
        [kind-list] 清单
        [kind-lambda] 条件函数
        [kind-nothing] 没有值
       *[other] 别的
    }
    .help = 换成合适的资料；日期函数里直接写 subject 的日期字段
S038 = 函数 {$name} 用了循环、switch 或清单，只能逐条解释执行，会慢
    .help = 不改也可以；规则很多时，改成 if 和 lookup 会快得多
S039 = 比较要写两个等号 ==，一个等号是赋值
    .help = 把 = 改成 ==
S040 = 读这段脚本时程序出错了
    .help = 把最后一次的改动撤回，再分几次加上，找出是哪一句；并请告诉维护人员
S041 = 表单里不能用 {$name}：该不该填，不能因哪一天填而不同
    .help = 改成与表单里的另一栏比较，或者写到流程的 facts 里
S042 = 分局没有把 {$name} 开放给各所
    .help = 请分局在 rules/tiers.yaml 的 station_may 里写 {"{"}path: rules.{$name}, change: raise{"}"}，或者删掉这个函数
S101 = 规则算得太久，超过 {$limit} 步
    .help = 看看循环是否停得下来，或把计算改成查表
S102 = 函数调用套了超过 {$limit} 层
    .help = 函数不能一层层调用下去；改成 for
S103 = 规则造出的文字或清单太大
    .help = 规则只应读资料，不应拼出很长的内容
S104 = 没有这项资料，规则却拿它来比较
    .help = 补上这一户的资料或这一步的记录；或在规则里先用 has(…)、步骤名.done 问，或用 ?? 给替代值
S105 = 比较的两边不是一类：{$left} 和 {$right}
    .help = 数和数比，文字和文字比
S106 = 规则里不能用 {$word}
    .help = 去掉它
S107 = 算不出来：{$what}
    .help = 看看除数会不会是零，数会不会太大
S108 = 评分不是一个有限的数
    .help = 看看除法、乘方和 sqrt、ln 的参数
S109 = 规则回答了“{$tier}”，没有这个等级
    .help = 等级只有：{$known}；前后不能有空格
S110 = 规则回答的不是该回答的东西：{$found}
    .help = 等级函数回答文字，评分函数回答数，条件回答是或否
S111 = 规则执行到这里失败了：{$what}
    .help = 按提示的位置检查这一句
S112 = 执行规则时程序出错了
    .help = 这一户保留原等级；请告诉维护人员
S113 = 判断被中途叫停，不算结论
    .help = 再运行一次
S114 = 这一版规则已暂停作出新的判断，这一户保留原等级
    .help = 运行 wubu doctor 看是哪一处出错；改好规则后启用新的发布，全体重新评定
S115 = 记录的 {$field} 里是 {$found}，应当是{$wanted ->
        [kind-flag] “是”或“否”
        [kind-number] 数
        [kind-text] 文字
        [kind-day] 日期
        [kind-record] 一组字段
        [kind-list] 清单
       *[other] 别的东西
    }
    .help = 更正这一步的记录；该填什么以表单为准
S116 = 规则判断超过 {$limit} 毫秒，连试两次都没有做完，不算结论
    .help = 第二天会再判断，也可以请人重试；如果总是这样，把规则里拼接的长文字、长清单改短

# 规则为什么没有回答，一句话：code 是上面的编号，place 是规则的位置
rule-cause = {$place ->
    [none] {""}
   *[other] {$place}：
 }{$code ->
    [S101] 规则算得太久
    [S102] 函数调用套得太深
    [S103] 造出的文字或清单太大
    [S104] 缺少规则要比较的资料
    [S105] 比较的两边不是一类
    [S106] 用了规则里不能用的写法
    [S107] 算不出来，例如除以零
    [S108] 评分不是一个有限的数
    [S109] 规则回答了没有的等级
    [S110] 规则回答的不是该回答的东西
    [S111] 规则执行失败
    [S112] 执行规则时程序出错
    [S113] 判断被中途叫停
    [S114] 这一版规则已暂停作出新的判断
    [S115] 记录的内容与表单不符
    [S116] 规则判断超时
   *[other] 规则没有回答
 }（{$code}）
undecided-since = 未能评定：{$cause}。等级、评分沿用上一次的
station-script-failed = 本所的脚本答不出：{$cause}。等级、评分按分局的脚本
undecided-lacks = 规则读到、却没有的资料：{$names}
undecided-line = {$file} 第 {$line} 行：{$text}

# 各处通用的词
level-error = 错误
level-warning = 提醒
level-help = 怎么办

# 列举和括注用的标点
mark-between = 、
mark-open = （
mark-close = ）

# Texts of the policy room.
Y001 = 这一行不是合格的 YAML：{$what}
    .help = 对照 docs/policy-language.md 改正后再运行 wubu check

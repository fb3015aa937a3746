# Texts of the policy room.
Y001 = this is not well-formed YAML: {$what}
    .help = compare with docs/policy-language.md, then run wubu check again

"""What a card adds to the sheet of all pages."""

from __future__ import annotations

CARD_CSS = """
header p{font-size:1.1rem;color:var(--text)}
main section p,main details p{max-width:46rem}
main h2{margin:2rem 0 .25rem}summary h2{display:inline;margin:0}details{margin:1rem 0;padding:.5rem .9rem}
.wide{overflow-x:auto}.bars{width:100%;max-width:52rem}
.bars td,.bars th{vertical-align:middle}.bars th[scope=row]{overflow-wrap:anywhere}
.bars th[scope=row]{width:30%}.bars .bar{width:42%}.bars .bar span{display:block;height:.9rem;background:var(--same);
border-radius:2px;min-width:1px}.bars .own .bar span{background:var(--link)}.bars td:not(.bar){white-space:nowrap}
.own th,.own td{font-weight:600}
@media print{details>*{display:revert}}
"""

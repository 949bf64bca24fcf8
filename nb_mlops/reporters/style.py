"""How the pages look: one sheet for all of them, in light and dark, for print and for people who zoom."""

from __future__ import annotations

# Text on its ground is at least 4.5 : 1 in both schemes.
CSS = """
:root{color-scheme:light dark;--ground:#fff;--soft:#f5f6f8;--line:#d5d9e0;--text:#1d2330;--dim:#596273;--link:#0b57c2;
--error:#b3261e;--error-soft:#fdecea;--warning:#8a5300;--warning-soft:#fff3dc;--info:#1f5f99;--info-soft:#e8f1fa;
--good:#1a7f4b;--same:#8b95a5}
@media(prefers-color-scheme:dark){:root{--ground:#14171d;--soft:#1d2129;--line:#3a414d;--text:#e6e9ef;--dim:#a3acba;
--link:#83b4ff;--error:#ff9d95;--error-soft:#3a1f1e;--warning:#f5c069;--warning-soft:#372a14;--info:#8cc3f5;
--info-soft:#182c3f;--good:#6fd6a0;--same:#778294}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1.5rem 1.25rem 4rem;background:var(--ground);color:var(--text);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.5rem 0 .5rem;overflow-wrap:anywhere}h3{font-size:.95rem;margin:1rem 0 .25rem}
header p{margin:.25rem 0 1rem;color:var(--dim)}a{color:var(--link)}
code,pre,svg text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{font-size:.92em;background:var(--soft);padding:.05em .25em;border-radius:3px;overflow-wrap:anywhere}
pre{margin:.5rem 0;padding:.5rem .75rem;background:var(--soft);border-radius:5px;overflow-x:auto;font-size:13px;line-height:1.45}
pre code{background:none;padding:0}mark{background:none;color:inherit;border-bottom:2px solid var(--error)}
.warning mark{border-color:var(--warning)}.info mark{border-color:var(--info)}
.filters{display:flex;gap:1.25rem;border:1px solid var(--line);border-radius:6px;padding:.4rem .9rem .55rem;margin:0 0 1rem}
.filters legend{color:var(--dim);font-size:.85rem;padding:0 .3rem}.filters label{cursor:pointer}
table{border-collapse:collapse;margin:.75rem 0;font-size:.93rem}caption{text-align:left;color:var(--dim);padding-bottom:.3rem}
th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid var(--line);font-weight:inherit;vertical-align:top}
thead th{color:var(--dim)}.index th:first-child{overflow-wrap:anywhere}.index td{font-variant-numeric:tabular-nums}
details{margin:.5rem 0;border:1px solid var(--line);border-radius:6px;padding:.35rem .9rem}summary{cursor:pointer}
.findings,.related{list-style:none;padding:0;margin:.75rem 0}.related{margin:.4rem 0;padding-left:1rem;color:var(--dim)}
.finding{border-left:4px solid var(--line);padding:.1rem 0 .1rem .9rem;margin:1.1rem 0}
.finding p{margin:.2rem 0;overflow-wrap:anywhere}.finding.error{border-color:var(--error)}
.finding.warning{border-color:var(--warning)}.finding.info{border-color:var(--info)}.where{color:var(--dim)}
.tag{white-space:nowrap;font-size:.8rem;font-weight:600;padding:.1em .5em;border-radius:3px;color:var(--dim);background:var(--soft)}
.tag.error{color:var(--error);background:var(--error-soft)}.tag.warning{color:var(--warning);background:var(--warning-soft)}
.tag.info{color:var(--info);background:var(--info-soft)}.fix b{color:var(--good)}.page{white-space:pre-line}
.graph{overflow:auto;max-height:44rem;margin:.5rem 0}.graph svg{display:block}.scroll{overflow:auto;max-height:22rem}
svg text{font-size:11.5px;fill:var(--text)}svg .head,svg .place{fill:var(--dim)}svg .head{font-size:12px}
svg .cell{fill:var(--soft);stroke:var(--line)}svg .cell.error{stroke:var(--error);stroke-width:1.5}
svg .cell.warning{stroke:var(--warning);stroke-width:1.5}svg path{fill:none;stroke:var(--same);stroke-width:1;opacity:.55}
svg circle{fill:var(--same)}svg path.twin{stroke-dasharray:2 3;opacity:.6}svg path.differs{stroke-width:2;opacity:1}
svg path.clean.differs{stroke:var(--good)}svg circle.clean.differs{fill:var(--good)}
svg path.recorded.differs{stroke:var(--error)}svg circle.recorded.differs{fill:var(--error)}
svg path:hover{stroke-width:3;opacity:1}footer{margin-top:3rem;color:var(--dim);font-size:.85rem}
body:has(#show-error:not(:checked)) .finding.error,body:has(#show-warning:not(:checked)) .finding.warning,
body:has(#show-info:not(:checked)) .finding.info{display:none}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
@media(max-width:40rem){td,th{overflow-wrap:anywhere}}
@media print{.filters{display:none}.finding,svg{break-inside:avoid}.graph,.scroll{max-height:none}}
"""

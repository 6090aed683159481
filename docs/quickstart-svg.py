#!/usr/bin/env python3
"""Draws docs/quickstart.svg, a picture of the workflow, from a real run: python3 docs/quickstart-svg.py < TRANSCRIPT.

Each line of the transcript appears in turn over 20 seconds; lines that start with "$ " are what was typed."""
import html
import sys

WIDTH, LINE, SECONDS, COLUMNS = 900, 19, 20, 104

lines = []
for line in sys.stdin.read().replace("\t", "    ").splitlines():
    line = line.rstrip()
    while len(line) > COLUMNS:
        lines.append(line[:COLUMNS])
        line = "  " + line[COLUMNS:]
    lines.append(line)
height = LINE * len(lines) + 48
step = (SECONDS - 4) / max(len(lines), 1)
print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
      'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13.5" role="img" '
      'aria-label="A run of the quickstart">')
print("<style>text{opacity:0;animation:show 20s infinite;white-space:pre;fill:#d0d7de}.typed{fill:#7ee787}"
      "@keyframes show{0%{opacity:0}1%,97%{opacity:1}100%{opacity:0}}"
      "@media (prefers-reduced-motion){text{animation:none;opacity:1}}</style>")
print(f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#0d1117"/>')
for color, x in (("#ff5f56", 20), ("#ffbd2e", 40), ("#27c93f", 60)):
    print(f'<circle cx="{x}" cy="18" r="6" fill="{color}"/>')
for number, line in enumerate(lines):
    typed = ' class="typed"' if line.startswith("$ ") else ""
    print(f'<text x="16" y="{48 + number * LINE}"{typed} style="animation-delay:{number * step:.2f}s">'
          f"{html.escape(line)}</text>")
print("</svg>")

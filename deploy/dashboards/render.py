#!/usr/bin/env python3
"""Draws penstock.json as one HTML page, straight from Prometheus.

usage: render.py PROMETHEUS_URL FILE [MINUTES]

Every panel of the dashboard becomes a graph of the last MINUTES (default 10). Ends with 1 if a
query fails, and names on standard error each panel that has no data.
"""

import html
import json
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request

WIDTH, HEIGHT = 400, 120
COLOURS = ["#2563eb", "#dc2626", "#16a34a", "#d97706", "#7c3aed", "#0891b2", "#be185d", "#4d7c0f"]
LEGENDS = 6


def query(base, expression, start, end):
    text = expression.replace("$__rate_interval", "1m")
    arguments = urllib.parse.urlencode(
        {"query": text, "start": start, "end": end, "step": max(1, int((end - start) / 120))})
    with urllib.request.urlopen(f"{base}/api/v1/query_range?{arguments}", timeout=20) as answer:
        result = json.load(answer)
    if result["status"] != "success":
        raise ValueError(result)
    return result["data"]["result"]


def shown(value, unit):
    if unit == "s":
        for size, word in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
            if value >= size:
                return f"{value / size:.3g} {word}"
        return f"{value:.3g}"
    if unit in ("bytes", "Bps"):
        for size, word in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
            if value >= size:
                return f"{value / size:.3g} {word}" + ("/s" if unit == "Bps" else "")
        return f"{value:.3g} B" + ("/s" if unit == "Bps" else "")
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    return f"{value:.3g}"


def legend(form, labels):
    text = re.sub(r"{{(\w+)}}", lambda each: labels.get(each.group(1), ""), form)
    return " ".join(text.split()) or "success"


def bound(panel):
    steps = panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", [])
    return steps[1]["value"] if len(steps) > 1 else None


def graph(panel, base, start, end):
    lines = []
    for target in panel["targets"]:
        for series in query(base, target["expr"], start, end):
            points = [(float(at), float(value)) for at, value in series["values"] if value not in ("NaN", "+Inf")]
            if points:
                lines.append((legend(target["legendFormat"], series["metric"]), points))
    lines.sort(key=lambda line: -line[1][-1][1])
    unit = panel["fieldConfig"]["defaults"]["unit"]
    objective = bound(panel)
    top = max([value for _, points in lines for _, value in points] + [objective or 0]) * 1.1 or 1

    def place(at, value):
        return f"{(at - start) / (end - start) * WIDTH:.1f},{HEIGHT - value / top * HEIGHT:.1f}"

    drawing = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">']
    for part in (0.25, 0.5, 0.75):
        drawing.append(f'<path class="grid" d="M0 {HEIGHT * part} H{WIDTH}"/>')
    if objective is not None:
        height = HEIGHT - objective / top * HEIGHT
        drawing.append(f'<path class="bound" d="M0 {height:.1f} H{WIDTH}"/>')
    for number, (_, points) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(place(at, value) for at, value in points)
        drawing.append(f'<polyline stroke="{colour}" points="{path}"/>')
    drawing.append("</svg>")
    names = [
        f'<span style="color:{COLOURS[number % len(COLOURS)]}">{html.escape(name)} <b>{shown(points[-1][1], unit)}</b></span>'
        for number, (name, points) in enumerate(lines[:LEGENDS])]
    if len(lines) > LEGENDS:
        names.append(f"<span>and {len(lines) - LEGENDS} more</span>")
    title = html.escape(panel["title"])
    limit = f" <i>objective {shown(objective, unit)}</i>" if objective is not None else ""
    return bool(lines), (
        f'<figure><figcaption>{title}{limit}</figcaption><div class="top">{shown(top, unit)}</div>'
        + "".join(drawing) + f'<div class="legend">{"".join(names) or "no data"}</div></figure>')


STYLE = """
body{font:13px system-ui,sans-serif;margin:16px;color:#1f2937;background:#f9fafb;width:1328px}
h1{font-size:20px;margin:0 0 4px}h2{font-size:15px;margin:18px 0 6px}
.row{display:grid;grid-template-columns:repeat(3,1fr);gap:10px}
figure{margin:0;padding:8px 10px;background:#fff;border:1px solid #e5e7eb;border-radius:6px;position:relative}
figcaption{font-weight:600}figcaption i{font-weight:400;color:#dc2626}
svg{width:100%;height:110px;display:block}polyline{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke}
.grid{stroke:#f3f4f6}.bound{stroke:#dc2626;stroke-dasharray:4 3;vector-effect:non-scaling-stroke}
.top{position:absolute;left:12px;top:28px;color:#6b7280;font-size:11px}
.legend{font-size:11px;display:flex;flex-wrap:wrap;gap:2px 10px;min-height:28px}
"""


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    base, target = sys.argv[1].rstrip("/"), sys.argv[2]
    minutes = float(sys.argv[3]) if len(sys.argv) == 4 else 10
    end = time.time()
    start = end - minutes * 60
    dashboard = json.loads((pathlib.Path(__file__).parent / "penstock.json").read_text())
    parts, empty = [], []
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            parts.append(f'{"</div>" if parts else ""}<h2>{html.escape(panel["title"])}</h2><div class="row">')
            continue
        found, drawn = graph(panel, base, start, end)
        parts.append(drawn)
        if not found:
            empty.append(panel["title"])
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(end))
    page = (f'<!doctype html><meta charset="utf-8"><title>Penstock</title><style>{STYLE}</style>'
            f'<h1>Penstock</h1>{minutes:g} minutes until {when} UTC{"".join(parts)}</div>')
    pathlib.Path(target).write_text(page)
    for title in empty:
        print(f"no data: {title}", file=sys.stderr)


if __name__ == "__main__":
    main()

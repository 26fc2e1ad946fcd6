package report

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// series is one line of a plot.
type series struct {
	name   string
	points []point
	// steps has a value last until the next one.
	steps bool
}

type point struct{ x, y float64 }

// plot is a chart of time, drawn as SVG.
type plot struct {
	title  string
	unit   string
	series []series
}

const (
	width, height = 760, 200
	left, right   = 56, 150
	top, bottom   = 28, 28
)

// Colours that stay apart for those who see few of them (Okabe and Ito), on light and on dark.
var colours = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f", "#b8a000", "#aa4466"}

// svg draws it; labels take the colour of the text around.
func (p plot) svg() string {
	var out strings.Builder
	p.draw(&out, 0)
	return frame(height, p.title, out.String())
}

// frame is an SVG document of its own that follows the reader's colours.
func frame(high int, title, body string) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s" font-family="system-ui, sans-serif" font-size="12" fill="currentColor">%s</svg>`,
		width, high, html.EscapeString(title), body)
}

func (p plot) draw(out *strings.Builder, down int) {
	most := p.most()
	x := func(value float64) float64 {
		return left + value/most.x*(width-left-right)
	}
	y := func(value float64) float64 {
		return float64(down+height-bottom) - value/most.y*(height-top-bottom)
	}
	fmt.Fprintf(out, `<text x="%d" y="%d" font-weight="600">%s</text>`, left, down+16, html.EscapeString(p.title))
	for n := 0; n <= 4; n++ {
		value := most.y * float64(n) / 4
		fmt.Fprintf(out, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="currentColor" stroke-opacity=".15"/>`, left, width-right, y(value), y(value))
		fmt.Fprintf(out, `<text x="%d" y="%.1f" text-anchor="end" fill-opacity=".7">%s</text>`, left-6, y(value)+4, short(value))
	}
	for n := 0; n <= 6; n++ {
		value := most.x * float64(n) / 6
		fmt.Fprintf(out, `<text x="%.1f" y="%d" text-anchor="middle" fill-opacity=".7">%s</text>`, x(value), down+height-bottom+18, short(value)+" s")
	}
	for at, s := range p.series {
		colour := colours[at%len(colours)]
		fmt.Fprintf(out, `<path d="%s" fill="none" stroke="%s" stroke-width="1.8"/>`, s.path(x, y), colour)
		fmt.Fprintf(out, `<rect x="%d" y="%d" width="10" height="10" fill="%s"/>`, width-right+12, down+top+at*18, colour)
		fmt.Fprintf(out, `<text x="%d" y="%d">%s</text>`, width-right+28, down+top+9+at*18, html.EscapeString(s.name))
	}
}

func (s series) path(x, y func(float64) float64) string {
	var d strings.Builder
	for at, p := range s.points {
		switch {
		case at == 0:
			fmt.Fprintf(&d, "M%.1f %.1f", x(p.x), y(p.y))
		case s.steps:
			fmt.Fprintf(&d, "H%.1fV%.1f", x(p.x), y(p.y))
		default:
			fmt.Fprintf(&d, "L%.1f %.1f", x(p.x), y(p.y))
		}
	}
	return d.String()
}

// most is the upper right corner, a little above the highest point and on a round number.
func (p plot) most() point {
	corner := point{1, 0}
	for _, s := range p.series {
		for _, each := range s.points {
			corner.x = max(corner.x, each.x)
			corner.y = max(corner.y, each.y)
		}
	}
	corner.y = round(corner.y)
	return corner
}

// round is the next number that quarters well.
func round(value float64) float64 {
	if value <= 0 {
		return 4
	}
	unit := math.Pow(10, math.Floor(math.Log10(value)))
	for _, step := range []float64{1, 2, 4, 8, 10} {
		if value <= step*unit {
			return max(step*unit, 4*math.Min(1, unit))
		}
	}
	return 10 * unit
}

func short(value float64) string {
	switch {
	case value == math.Trunc(value) || value >= 100:
		return fmt.Sprintf("%.0f", value)
	default:
		return fmt.Sprintf("%.3g", value)
	}
}

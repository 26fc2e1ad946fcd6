package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// row is one metric in the table.
type row struct {
	Name  string
	Cells []string
}

var columns = []string{"count", "rate", "min", "med", "avg", "p(95)", "p(99)", "max"}

// page is self-contained: no script, no foreign host, the reader's own colours.
func (o *Outcome) page() ([]byte, error) {
	var plots []template.HTML
	for _, p := range append(coursePlots(o.Course), usagePlots(o.Usage)...) {
		if len(p.series) > 0 {
			plots = append(plots, template.HTML(p.svg()))
		}
	}
	var own, others []row
	for _, name := range o.named() {
		one := row{Name: name}
		for _, column := range columns {
			one.Cells = append(one.Cells, o.K6.Metrics[name].show(column))
		}
		if rank(name) == 0 {
			own = append(own, one)
		} else {
			others = append(others, one)
		}
	}
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, map[string]any{
		"Outcome": o, "OK": o.OK(), "Verdicts": o.Verdicts(), "Columns": columns, "Own": own, "Others": others,
		"Plots": plots, "States": o.states(),
	})
	return out.Bytes(), err
}

func (o *Outcome) states() []string {
	if o.Audit == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(o.Audit.States))
}

// writeCourse writes a rehearsal's drawing and figures by themselves, for the documents.
func (o *Outcome) writeCourse(folder string) error {
	if o.Course == nil {
		return nil
	}
	figures, err := json.Marshal(o.Course.Thinned(5))
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "course.svg"), []byte(CourseSVG(o.Course)), 0o644),
		os.WriteFile(filepath.Join(folder, "course.json"), append(figures, '\n'), 0o644))
}

package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"penstock.dev/k6/processes"
	"penstock.dev/k6/rehearsal"
)

// usagePlots show what each process used.
func usagePlots(usage map[string][]processes.Usage) []plot {
	memory := plot{title: "Resident memory, MiB"}
	cpu := plot{title: "CPU, cores"}
	for _, name := range slices.Sorted(maps.Keys(usage)) {
		var rss, cores series
		rss.name, cores.name = name, name
		for at, u := range usage[name] {
			rss.points = append(rss.points, point{u.Seconds, float64(u.RSSKiB) / 1024})
			if at > 0 {
				before := usage[name][at-1]
				if span := u.Seconds - before.Seconds; span > 0 {
					used := max(0, u.CPUSeconds-before.CPUSeconds)
					cores.points = append(cores.points, point{u.Seconds, used / span})
				}
			}
		}
		memory.series = append(memory.series, rss)
		cpu.series = append(cpu.series, cores)
	}
	return []plot{memory, cpu}
}

// coursePlots show each service's instances beside its load, in instances that it would fill.
func coursePlots(course *rehearsal.Course) []plot {
	if course == nil {
		return nil
	}
	var all []plot
	for _, name := range slices.Sorted(maps.Keys(course.Limits)) {
		one := float64(course.Limits[name].Concurrency)
		ready := series{name: "instances", steps: true}
		load := series{name: fmt.Sprintf("requests ÷ %g", one)}
		waiting := series{name: "waiting ÷ " + fmt.Sprint(one)}
		for _, record := range course.Records {
			moment := record.Services[name]
			ready.points = append(ready.points, point{record.Seconds, float64(moment.Ready)})
			load.points = append(load.points, point{record.Seconds, float64(moment.InFlight+moment.Waiting) / one})
			waiting.points = append(waiting.points, point{record.Seconds, float64(moment.Waiting) / one})
		}
		all = append(all, plot{title: name, series: []series{load, waiting, ready}})
	}
	return all
}

// CourseSVG is one drawing of a whole rehearsal.
func CourseSVG(course *rehearsal.Course) string {
	var body strings.Builder
	// Outside a page there is no text around whose colour could be taken.
	body.WriteString(`<style>:root{color:#1a1a1a;background:#fff}@media(prefers-color-scheme:dark){:root{color:#eee;background:#161616}}</style>`)
	plots := coursePlots(course)
	for at, p := range plots {
		p.draw(&body, at*height)
	}
	return frame(len(plots)*height, "Instances and requests of each service over time", body.String())
}

// Checks what lies in deploy/ without a cloud. Each check says what it looked at, or what is wrong and where.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// A check looks at a part of the checkout and tells what it looked at; its error may join several.
type check struct {
	name string
	run  func(root string) (string, error)
}

func main() {
	root := flag.String("root", "../..", "the checkout")
	variants := flag.Bool("variants", false, "print a Terraform module that wires every variant, and check nothing")
	flag.Parse()
	if *variants {
		if err := printVariants(*root, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	checks := []check{
		{"terraform", checkTerraform},
		{"kustomize", checkKustomize},
		{"skaffold", checkSkaffold},
		{"compose", checkCompose},
	}
	failed := 0
	for _, each := range checks {
		seen, err := each.run(*root)
		if err != nil {
			failed++
			fmt.Printf("%-10s FAILED\n", each.name)
			for _, one := range flatten(err) {
				fmt.Printf("  %v\n", one)
			}
			continue
		}
		fmt.Printf("%-10s %s\n", each.name, seen)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, each := range joined.Unwrap() {
			all = append(all, flatten(each)...)
		}
		return all
	}
	return []error{err}
}

// faults gathers what is wrong, so that one run tells all of it.
type faults struct {
	root string
	all  []error
}

func (f *faults) add(path, format string, arguments ...any) {
	if relative, err := filepath.Rel(f.root, path); err == nil {
		path = relative
	}
	f.all = append(f.all, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, arguments...)))
}

func (f *faults) err() error {
	return errors.Join(f.all...)
}

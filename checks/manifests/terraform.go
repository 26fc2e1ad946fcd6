package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A field is an argument of a resource, or a block with fields of its own.
type field struct {
	Need  string
	Block map[string]field
}

func (f *field) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &f.Need)
	}
	type plain field
	return json.Unmarshal(text, (*plain)(f))
}

type kind struct {
	Arguments  map[string]field
	Attributes []string
}

// providers is providers.json, which ./schema writes.
type providers struct {
	Versions map[string]string
	Resource map[string]kind
	Data     map[string]kind
}

// checkTerraform reads every Terraform module of deploy/ and holds its resources against what their providers know,
// and each name against what it stands for: variables, locals, resources' attributes, other modules' inputs and outputs.
func checkTerraform(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "checks/manifests/providers.json"))
	if err != nil {
		return "", err
	}
	var known providers
	if err := json.Unmarshal(text, &known); err != nil {
		return "", err
	}
	found := faults{root: root}
	modules, err := readModules(filepath.Join(root, "deploy"), &found)
	if err != nil {
		return "", err
	}
	resources := 0
	for _, each := range modules {
		each.check(&known, modules, &found)
		resources += len(each.resources)
	}
	checkVariants(root, modules, &found)
	return fmt.Sprintf("%d resources in %d modules", resources, len(modules)), found.err()
}

func readModules(folder string, found *faults) (map[string]*module, error) {
	modules := map[string]*module{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == ".terraform" {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".tf" {
			return nil
		}
		body, err := parse(path)
		if err != nil {
			return err
		}
		of := modules[filepath.Dir(path)]
		if of == nil {
			of = newModule(filepath.Dir(path))
			modules[of.folder] = of
		}
		of.add(body, found)
		return nil
	})
	return modules, err
}

func parse(path string) (*hclsyntax.Body, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, wrong := hclsyntax.ParseConfig(text, path, hcl.InitialPos)
	if wrong.HasErrors() {
		return nil, wrong
	}
	return file.Body.(*hclsyntax.Body), nil
}

// A module is one folder of .tf files.
type module struct {
	folder    string
	variables map[string]*hclsyntax.Block
	outputs   map[string]*hclsyntax.Block
	calls     map[string]*hclsyntax.Block
	locals    map[string]*hclsyntax.Attribute
	resources map[string]*hclsyntax.Block // also data, as data.KIND.NAME
	versions  map[string]hcl.Expression
	bodies    []*hclsyntax.Body
}

func newModule(folder string) *module {
	return &module{
		folder:    folder,
		variables: map[string]*hclsyntax.Block{},
		outputs:   map[string]*hclsyntax.Block{},
		calls:     map[string]*hclsyntax.Block{},
		locals:    map[string]*hclsyntax.Attribute{},
		resources: map[string]*hclsyntax.Block{},
		versions:  map[string]hcl.Expression{},
	}
}

func (m *module) add(body *hclsyntax.Body, found *faults) {
	m.bodies = append(m.bodies, body)
	for _, block := range body.Blocks {
		switch block.Type {
		case "variable":
			m.variables[block.Labels[0]] = block
		case "output":
			m.outputs[block.Labels[0]] = block
		case "module":
			m.calls[block.Labels[0]] = block
		case "resource":
			m.resources[strings.Join(block.Labels, ".")] = block
		case "data":
			m.resources["data."+strings.Join(block.Labels, ".")] = block
		case "locals":
			for name, attribute := range block.Body.Attributes {
				m.locals[name] = attribute
			}
		case "terraform":
			m.addVersions(block.Body)
		case "provider":
		default:
			found.add(m.folder, "nobody here knows the block %s", block.Type)
		}
	}
}

func (m *module) addVersions(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		if block.Type != "required_providers" {
			continue
		}
		for name, attribute := range block.Body.Attributes {
			if object, ok := attribute.Expr.(*hclsyntax.ObjectConsExpr); ok {
				for _, item := range object.Items {
					if hcl.ExprAsKeyword(item.KeyExpr) == "version" {
						m.versions[name] = item.ValueExpr
					}
				}
			}
		}
	}
}

func (m *module) check(known *providers, modules map[string]*module, found *faults) {
	for provider, expression := range m.versions {
		if version, _ := expression.Value(nil); version.AsString() != known.Versions[provider] {
			found.add(m.folder, "provider %s is %s, and providers.json that of %s", provider, version.AsString(), known.Versions[provider])
		}
	}
	for name, block := range m.resources {
		of, there := known.of(name)
		if !there {
			if !strings.HasPrefix(name, "terraform_data.") {
				found.add(m.folder, "%s is not in providers.json: run ./schema", name)
			}
			continue
		}
		checkBody(m.folder, name, block.Body, of.Arguments, true, found)
	}
	for name, call := range m.calls {
		m.checkCall(name, call, modules, found)
	}
	references := names{m, known, modules, found, map[string]bool{}}
	for _, body := range m.bodies {
		hclsyntax.VisitAll(body, references.visit)
	}
	for name := range m.variables {
		if !references.used["var."+name] {
			found.add(m.folder, "nothing uses the variable %s", name)
		}
	}
	for name := range m.locals {
		if !references.used["local."+name] {
			found.add(m.folder, "nothing uses the local %s", name)
		}
	}
}

func (p *providers) of(name string) (kind, bool) {
	parts := strings.Split(name, ".")
	if parts[0] == "data" {
		of, there := p.Data[parts[1]]
		return of, there
	}
	of, there := p.Resource[parts[0]]
	return of, there
}

var meta = map[string]bool{"count": true, "for_each": true, "provider": true, "depends_on": true}

func checkBody(folder, where string, body *hclsyntax.Body, fields map[string]field, outermost bool, found *faults) {
	given := map[string]bool{}
	for name := range body.Attributes {
		given[name] = true
		if of, there := fields[name]; (!there || of.Block != nil) && !(outermost && meta[name]) {
			found.add(folder, "%s has no argument %s", where, name)
		}
	}
	for _, block := range body.Blocks {
		name, inner := block.Type, block.Body
		if outermost && name == "lifecycle" {
			continue
		}
		if name == "dynamic" {
			name, inner = block.Labels[0], content(block.Body)
		}
		given[name] = true
		of, there := fields[name]
		if !there || of.Block == nil {
			found.add(folder, "%s has no block %s", where, name)
			continue
		}
		checkBody(folder, where+"."+name, inner, of.Block, false, found)
	}
	for name, of := range fields {
		if of.Need == "required" && !given[name] {
			found.add(folder, "%s lacks %s", where, name)
		}
	}
}

func content(dynamic *hclsyntax.Body) *hclsyntax.Body {
	for _, block := range dynamic.Blocks {
		if block.Type == "content" {
			return block.Body
		}
	}
	return &hclsyntax.Body{}
}

func (m *module) called(call *hclsyntax.Block, modules map[string]*module) *module {
	source, _ := call.Body.Attributes["source"].Expr.Value(nil)
	return modules[filepath.Join(m.folder, source.AsString())]
}

func (m *module) checkCall(name string, call *hclsyntax.Block, modules map[string]*module, found *faults) {
	callee := m.called(call, modules)
	if callee == nil {
		found.add(m.folder, "module %s calls what is not there", name)
		return
	}
	for argument := range call.Body.Attributes {
		if _, there := callee.variables[argument]; !there && argument != "source" && !meta[argument] {
			found.add(m.folder, "module %s has no variable %s", name, argument)
		}
	}
	for variable, block := range callee.variables {
		_, given := call.Body.Attributes[variable]
		if _, optional := block.Body.Attributes["default"]; !given && !optional {
			found.add(m.folder, "module %s is called without %s", name, variable)
		}
	}
}

// checkVariants holds the files of variants against the variables there are.
func checkVariants(root string, modules map[string]*module, found *faults) {
	folder := filepath.Join(root, terraformOfCloudRun)
	files, _ := filepath.Glob(filepath.Join(folder, "variants/*.tfvars"))
	if len(files) == 0 {
		found.add(folder, "there are no variants")
	}
	for _, file := range files {
		body, err := parse(file)
		if err != nil {
			found.add(file, "%v", err)
			continue
		}
		for name := range body.Attributes {
			if modules[folder].variables[name] == nil {
				found.add(file, "there is no variable %s", name)
			}
		}
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

const terraformOfCloudRun = "deploy/cloud-run/terraform"

// What the check takes from the wiring of a variant.
var wired = []string{"gateway", "session_service", "inference_proxy", "ollama_backend", "files", "backends", "connections"}

// printVariants writes a Terraform module that calls the module `wiring` once per variant, as the root module would, and
// puts out what each computes. Terraform can run it without any provider. Addresses stay the module's placeholders.
func printVariants(root string, out io.Writer) error {
	folder, err := filepath.Abs(filepath.Join(root, terraformOfCloudRun))
	if err != nil {
		return err
	}
	found := faults{root: root}
	modules, err := readModules(folder, &found)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(folder, "variants/*.tfvars"))
	if err != nil {
		return err
	}
	calls, outputs := map[string]any{}, map[string]any{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".tfvars")
		call, err := modules[folder].wiringOf(file)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		call["source"] = filepath.Join(folder, "modules/wiring")
		calls[name] = call
		value := map[string]string{}
		for _, each := range wired {
			value[each] = fmt.Sprintf("${module.%s.%s}", name, each)
		}
		outputs[name] = map[string]any{"value": value}
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", " ")
	return encoder.Encode(map[string]any{"module": calls, "output": outputs})
}

// wiringOf is what the root module would hand to its module `wiring`, the addresses of services left out.
func (m *module) wiringOf(variant string) (map[string]any, error) {
	chosen, err := parse(variant)
	if err != nil {
		return nil, err
	}
	values := map[string]cty.Value{}
	for name, block := range m.variables {
		given, there := chosen.Attributes[name]
		if !there {
			given, there = block.Body.Attributes["default"]
		}
		if !there {
			values[name] = cty.StringVal("some-" + name)
			continue
		}
		value, wrong := given.Expr.Value(nil)
		if wrong.HasErrors() {
			return nil, wrong
		}
		if values[name], err = typed(value, block.Body.Attributes["type"].Expr); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(values)}}
	call := map[string]any{}
	for name, attribute := range m.calls["wiring"].Body.Attributes {
		if name == "source" || refersToModules(attribute.Expr) {
			continue
		}
		value, wrong := attribute.Expr.Value(scope)
		if wrong.HasErrors() {
			return nil, wrong
		}
		call[name] = ctyjson.SimpleJSONValue{Value: value}
	}
	return call, nil
}

// typed gives a value its variable's type and what that type has defaults for.
func typed(value cty.Value, written hcl.Expression) (cty.Value, error) {
	constraint, defaults, wrong := typeexpr.TypeConstraintWithDefaults(written)
	if wrong.HasErrors() {
		return cty.NilVal, wrong
	}
	if defaults != nil && !value.IsNull() {
		value = defaults.Apply(value)
	}
	return convert.Convert(value, constraint)
}

func refersToModules(expression hcl.Expression) bool {
	for _, traversal := range expression.Variables() {
		if traversal.RootName() == "module" {
			return true
		}
	}
	return false
}

package main

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// names follows what a module's expressions refer to.
type names struct {
	module  *module
	known   *providers
	modules map[string]*module
	faults  *faults
	used    map[string]bool
}

func (n names) visit(node hclsyntax.Node) hcl.Diagnostics {
	switch it := node.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		n.follow(parts(it.Traversal))
	case *hclsyntax.RelativeTraversalExpr:
		// module.name[key].output and kind.name[key].attribute, where key is no constant
		if index, ok := it.Source.(*hclsyntax.IndexExpr); ok {
			if source, ok := index.Collection.(*hclsyntax.ScopeTraversalExpr); ok {
				n.follow(append(parts(source.Traversal), parts(it.Traversal)...))
			}
		}
	}
	return nil
}

// parts are the names on the way; what is between brackets, and splats, are left out.
func parts(traversal hcl.Traversal) []string {
	var all []string
	for _, step := range traversal {
		switch it := step.(type) {
		case hcl.TraverseRoot:
			all = append(all, it.Name)
		case hcl.TraverseAttr:
			all = append(all, it.Name)
		}
	}
	return all
}

func (n names) follow(path []string) {
	if len(path) < 2 {
		return
	}
	m := n.module
	switch path[0] {
	case "var":
		n.used["var."+path[1]] = true
		n.need(m.variables[path[1]] != nil, path)
	case "local":
		n.used["local."+path[1]] = true
		n.need(m.locals[path[1]] != nil, path)
	case "module":
		call := m.calls[path[1]]
		n.need(call != nil, path)
		if call != nil && len(path) > 2 {
			if callee := m.called(call, n.modules); callee != nil {
				n.need(callee.outputs[path[2]] != nil, path)
			}
		}
	case "data":
		n.resource(strings.Join(path[:3], "."), path[3:], path)
	default:
		if strings.HasPrefix(path[0], "google_") || strings.HasPrefix(path[0], "random_") {
			n.resource(strings.Join(path[:2], "."), path[2:], path)
		}
	}
}

func (n names) resource(name string, rest, path []string) {
	n.need(n.module.resources[name] != nil, path)
	of, there := n.known.of(name)
	if !there || len(rest) == 0 {
		return
	}
	_, argument := of.Arguments[rest[0]]
	n.need(argument || slices.Contains(of.Attributes, rest[0]), path)
}

func (n names) need(there bool, path []string) {
	if !there {
		n.faults.add(n.module.folder, "there is no %s", strings.Join(path, "."))
	}
}

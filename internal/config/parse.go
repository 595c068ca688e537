package config

import "path/filepath"

// Parse reads a configuration that is in memory, with the variables that override it; file says where it is from, for
// errors and for the paths in it, and may be empty. What is wrong with it comes as one *Error.
func Parse(file string, data []byte, environ []string) (*Config, error) {
	env := newEnvironment(environ)
	r := newReader(file, maxFile)
	r.files = files{dir: filepath.Dir(file), home: env.home()}
	if file == "" {
		r.file = "(no configuration file)"
	}
	root := r.document(place{where: r.file}, data)
	if root == nil {
		return nil, r.faults.err()
	}
	if file == "" {
		root.Line, root.Column = 0, 0
	}
	top := tree(Keys())
	r.override(top, root, env)
	v := r.value(top, root)
	b := &builder{reader: r, env: env, cfg: &Config{File: file}}
	b.cfg.dir, _ = usualDir(env)
	if v != nil {
		b.build(v)
	}
	if err := r.faults.err(); err != nil {
		return nil, err
	}
	return b.cfg, nil
}

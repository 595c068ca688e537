// Command socctl is the terminal console for analysts who guard many customers' Microsoft tenants.
package main

import (
	"os"

	"github.com/socctl/socctl/internal/cli"
)

// version and commit are set when a release is built.
var (
	version = "dev"
	commit  = ""
)

func main() {
	os.Exit(cli.Main(cli.Process(version, commit), os.Args[1:]))
}

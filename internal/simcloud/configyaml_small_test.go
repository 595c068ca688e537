package simcloud

import (
	"strings"
	"testing"
)

// TestTheConfigurationNamesOnlyGroupsInUse keeps small clouds loadable: a service level for a group without customers is an
// error there.
func TestTheConfigurationNamesOnlyGroupsInUse(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 5; n++ {
		c, err := New(Options{Customers: n})
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.Start("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		yaml := string(s.ConfigYAML(ConfigOptions{}))
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		customers, levels, _ := strings.Cut(yaml, "\nsla:")
		for _, g := range []string{"gold", "silver", "bronze"} {
			if strings.Contains(levels, g) != strings.Contains(customers, g) {
				t.Errorf("with %d customers the group %s has a level and no customer, or a customer and no level:\n%s", n, g, yaml)
			}
		}
	}
}

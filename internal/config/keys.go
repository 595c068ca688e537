package config

import (
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
)

// Type is what the value of a key looks like.
type Type string

// The types of values. Those from TypeText on are scalars.
const (
	TypeObject   Type = "object"   // the keys below it
	TypeMap      Type = "map"      // names of the user's own, each with the same below it
	TypeList     Type = "list"     // entries, each the same
	TypeText     Type = "text"     // one line
	TypeFilter   Type = "filter"   // in the filter language
	TypeOrder    Type = "order"    // one of soc.Orders, or one with a minus in front
	TypeName     Type = "name"     // small letters, digits and dashes
	TypeGUID     Type = "GUID"     // 0a1b2c3d-0000-4000-8000-000000000003
	TypeCode     Type = "code"     // 2 to 8 letters and digits
	TypeDomain   Type = "domain"   // contoso.onmicrosoft.com
	TypeURL      Type = "URL"      // https, a host, and no more
	TypeProxy    Type = "proxy"    // http, https or socks5, a host and a port
	TypeDuration Type = "duration" // 90s, 30m, 4h, 2d
	TypeBool     Type = "boolean"  // true or false
	TypePath     Type = "path"     // of a file, from the configuration's directory
	TypeChoice   Type = "choice"   // one of Choices
)

// Key describes one key of the configuration.
type Key struct {
	Path        string   // home.tenant, clouds.<name>.graph, tenants[].code
	Variable    string   // the variable that overrides it, or empty
	Type        Type     //
	Required    bool     // within what it belongs to
	Choices     []string // of a choice, or the names that a map takes
	Max         int      // of a list or a map: how many entries
	Zero        bool     // of a duration: 0 is one as well, and means never
	Default     string   // what holds where the key is missing
	Example     string   //
	Description string   //
}

// Keys lists every key of the configuration, each after the one that it belongs to.
func Keys() []Key {
	keys := make([]Key, 0, 64)
	for _, part := range [][]Key{homeKeys(), cloudKeys(), tenantKeys(), slaKeys(), viewKeys(), consoleKeys(), otherKeys()} {
		keys = append(keys, part...)
	}
	for i := range keys {
		keys[i].Variable = variableOf(keys[i])
	}
	return keys
}

func homeKeys() []Key {
	var ways []string
	for _, s := range SignIns() {
		ways = append(ways, string(s))
	}
	return []Key{
		{Path: "home", Type: TypeObject, Required: true, Description: "the provider's own tenant, and how its people sign in"},
		{Path: "home.tenant", Type: TypeGUID, Required: true, Example: "8f0b1c5e-0000-4000-8000-000000000001",
			Description: "the id of the provider's own tenant"},
		{Path: "home.client_id", Type: TypeGUID, Example: "3d6b0f0c-0000-4000-8000-000000000002",
			Description: "the id of the provider's multi-tenant application; only azure-cli and managed-identity do without"},
		{Path: "home.sign_in", Type: TypeChoice, Choices: ways, Default: string(SignInBrowser), Example: "paste",
			Description: "how to sign in; the ways without a person are for the export to a SIEM only"},
		{Path: "home.cloud", Type: TypeName, Default: tenants.DefaultCloud, Example: "gcc-high",
			Description: "the cloud of the home tenant, and of every customer that names none: public, gcc, gcc-high, dod, or a name under clouds"},
		{Path: "home.client_secret_file", Type: TypePath, Example: "client-secret.txt",
			Description: "a file that holds the application's secret, readable by its owner only; or set SOCCTL_CLIENT_SECRET"},
		{Path: "home.client_certificate_file", Type: TypePath, Example: "client.pem",
			Description: "the application's certificate with its key, PEM or PKCS #12"},
	}
}

func cloudKeys() []Key {
	return []Key{
		{Path: "clouds", Type: TypeMap, Max: 64, Description: "clouds of your own that speak the same APIs: a proxy, a private cloud, the simulator"},
		{Path: "clouds.<name>", Type: TypeObject, Description: "one cloud; the names of the built-in ones are taken"},
		{Path: "clouds.<name>.authority", Type: TypeURL, Required: true, Example: "https://127.0.0.1:8443",
			Description: "where to sign in: Microsoft Entra"},
		{Path: "clouds.<name>.graph", Type: TypeURL, Required: true, Example: "https://127.0.0.1:8443", Description: "Microsoft Graph"},
		{Path: "clouds.<name>.resource_manager", Type: TypeURL, Required: true, Example: "https://127.0.0.1:8443",
			Description: "Azure Resource Manager"},
		{Path: "clouds.<name>.portal", Type: TypeURL, Required: true, Example: "https://security.microsoft.com",
			Description: "the Defender portal, for links"},
		{Path: "clouds.<name>.ca_file", Type: TypePath, Example: "lab-ca.pem",
			Description: "certificates to trust beside the system's, PEM"},
	}
}

func tenantKeys() []Key {
	keys := []Key{
		{Path: "tenants", Type: TypeList, Required: true, Max: 5000, Description: "the customers, in the order of display"},
		{Path: "tenants[]", Type: TypeObject, Description: "one customer"},
		{Path: "tenants[].code", Type: TypeCode, Required: true, Example: "CONT",
			Description: "the short code that incidents carry, 2 to 8 letters and digits"},
		{Path: "tenants[].name", Type: TypeText, Required: true, Example: "Contoso Ltd", Description: "the name, as people know it"},
		{Path: "tenants[].id", Type: TypeGUID, Required: true, Example: "0a1b2c3d-0000-4000-8000-000000000003",
			Description: "the id of the customer's tenant"},
		{Path: "tenants[].domain", Type: TypeDomain, Example: "contoso.onmicrosoft.com",
			Description: "a domain of the customer's tenant, for links to My Access"},
		{Path: "tenants[].cloud", Type: TypeName, Default: "home.cloud", Example: "gcc", Description: "the customer's cloud"},
		{Path: "tenants[].groups", Type: TypeList, Max: 64, Example: "[gold, emea]", Description: "the groups that the customer belongs to"},
		{Path: "tenants[].groups[]", Type: TypeName, Example: "gold", Description: "a group, which needs no declaration"},
		{Path: "tenants[].read_only", Type: TypeBool, Default: "read_only", Example: "true",
			Description: "refuse every change at this customer, or with false allow them where read_only refuses them"},
		{Path: "tenants[].access", Type: TypeMap, Choices: tenants.Tiers(), Max: 2, Description: "what analysts can ask for at this customer, by tier"},
		{Path: "tenants[].access.<tier>", Type: TypeObject, Description: "an access package in the customer's tenant, a privileged group in the home tenant, or both"},
	}
	for _, k := range []Key{
		{Path: "package", Description: "the id of the access package"},
		{Path: "policy", Description: "the id of its policy to ask under, where it has several"},
		{Path: "pim_group", Description: "the id of the privileged group"},
	} {
		k.Path, k.Type, k.Example = "tenants[].access.<tier>."+k.Path, TypeGUID, "5b1e0c2d-0000-4000-8000-000000000007"
		keys = append(keys, k)
	}
	return keys
}

// severities lists those that a target can be agreed for.
func severities() []string {
	return []string{string(soc.SeverityHigh), string(soc.SeverityMedium), string(soc.SeverityLow), string(soc.SeverityInformational)}
}

func slaKeys() []Key {
	return []Key{
		{Path: "sla", Type: TypeMap, Max: 256, Description: "within which time to resolve, by group; the tightest of a customer's groups holds"},
		{Path: "sla.<group>", Type: TypeMap, Choices: severities(), Max: len(severities()), Description: "the targets of one group, by severity"},
		{Path: "sla.<group>.<severity>", Type: TypeDuration, Example: "30m", Description: "the time from the incident's creation"},
	}
}

// maxColumns bounds the columns of a view: more do not fit on the widest terminal.
const maxColumns = 32

func viewKeys() []Key {
	orders := make([]string, 0, len(soc.Orders()))
	for _, o := range soc.Orders() {
		orders = append(orders, string(o))
	}
	return []Key{
		{Path: "views", Type: TypeList, Max: 100, Description: "saved filters: the tabs of the queue, which replace the built-in ones"},
		{Path: "views[]", Type: TypeObject, Description: "one view"},
		{Path: "views[].name", Type: TypeText, Required: true, Example: "Triage", Description: "the title of the tab"},
		{Path: "views[].filter", Type: TypeFilter, Example: "status:new,active -owner:experts", Description: "a filter; without it the view shows all"},
		{Path: "views[].sort", Type: TypeOrder, Choices: orders, Default: string(soc.OrderUrgency), Example: "-age",
			Description: "the order: " + strings.Join(orders, ", ") + "; a minus in front turns it around"},
		{Path: "views[].columns", Type: TypeList, Max: maxColumns, Example: "[severity, age, title]",
			Description: "the columns of the list, from the left; without them the console chooses"},
		{Path: "views[].columns[]", Type: TypeName, Example: "severity", Description: "a column"},
	}
}

// consoleKeys lists what only the console asks for.
func consoleKeys() []Key {
	return []Key{
		{Path: "console", Type: TypeObject, Description: "how the console looks and behaves; a running console takes changes over"},
		{Path: "console.theme", Type: TypeName, Default: ThemeAuto, Example: "high-contrast",
			Description: "the colours: " + ThemeAuto + ", " + strings.Join(BuiltinThemes(), ", ") +
				", or the name of a file under themes/, without its .yaml"},
		{Path: "console.low_bandwidth", Type: TypeBool, Default: "false", Example: "true",
			Description: "send fewer bytes: the cursor is a marker and no painted row"},
		{Path: "console.sync_output", Type: TypeChoice, Choices: words(SyncOutputs()), Default: string(SyncOutputAuto), Example: "off",
			Description: "synchronized output, which shows a frame at once: auto asks the terminal whether it knows it"},
		{Path: "console.mouse", Type: TypeBool, Default: "false", Example: "true",
			Description: "take the mouse, which the terminal's own selection then wants shift for"},
		{Path: "console.preview", Type: TypeChoice, Choices: words(Previews()), Default: string(PreviewBelow), Example: "right",
			Description: "where the preview stands at the start"},
		{Path: "console.privacy", Type: TypeBool, Default: "false", Example: "true",
			Description: "start with the names of customers and people masked, for sharing the screen"},
		{Path: "console.lock_after", Type: TypeDuration, Zero: true, Default: "0", Example: "15m",
			Description: "blank the screen after this time without a key, 1m to 24h; 0 is never"},
		{Path: "console.lock", Type: TypeChoice, Choices: words(LockWiths()), Default: string(LockWithKey), Example: "sign-in",
			Description: "what opens a locked screen: any key, or signing in again"},
		{Path: "console.relock_after", Type: TypeDuration, Default: "15m", Example: "1h",
			Description: "the time after which a read-only customer that was unlocked is read-only again, 1m to 8h"},
	}
}

func otherKeys() []Key {
	return []Key{
		{Path: "refresh", Type: TypeDuration, Default: "60s", Example: "2m", Description: "the time between two looks at a customer's queue, 10s to 1h"},
		{Path: "read_only", Type: TypeBool, Default: "false", Example: "true",
			Description: "refuse every change, at each customer that says nothing else"},
		{Path: "proxy", Type: TypeProxy, Default: "HTTPS_PROXY", Example: "http://proxy.example:3128",
			Description: "the proxy for all requests; one that wants a password goes into HTTPS_PROXY"},
		{Path: "log_file", Type: TypePath, Example: "/var/log/socctl.log", Description: "where to write the log; without it the console writes $XDG_STATE_HOME/socctl/socctl.log and the other commands write none"},
	}
}

// scalar tells whether a value of the type is a single word or line.
func (t Type) scalar() bool { return t != TypeObject && t != TypeMap && t != TypeList }

const variablePrefix = "SOCCTL_"

// variableOf names the variable of a key: the path in capitals with underscores. Scalars have one wherever no list is
// on the way; a list has one for the whole of it, as YAML or JSON on one line.
func variableOf(k Key) string {
	inList := strings.Contains(k.Path, "[]")
	if inList || (!k.Type.scalar() && k.Type != TypeList) {
		return ""
	}
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(k.Path, ".", "_"))
}

package tenants

// Cloud is one Microsoft cloud, or one that speaks the same APIs: where a customer signs in, and where its data is.
// The four addresses are base URLs, https, without a path and without a slash at the end. Tokens of a customer go to
// these hosts and to no other.
type Cloud struct {
	Name            string
	Authority       string // Microsoft Entra
	Graph           string // Microsoft Graph
	ResourceManager string // Azure Resource Manager, for Sentinel
	Portal          string // the Defender portal, for links
	CAFile          string // PEM certificates to trust beside the system's; empty for none
	Supported       bool
	Why             string // why it is not supported, for people
}

// DefaultCloud is the cloud where the configuration names none.
const DefaultCloud = "public"

// BuiltinClouds gives the clouds that need no configuration, by name, in a map of the caller's own. One of them is
// known only to be refused with a reason.
func BuiltinClouds() map[string]Cloud {
	clouds := make(map[string]Cloud)
	for _, c := range []Cloud{
		{
			Name: DefaultCloud, Authority: "https://login.microsoftonline.com", Graph: "https://graph.microsoft.com",
			ResourceManager: "https://management.azure.com", Portal: "https://security.microsoft.com", Supported: true,
		},
		{ // GCC shares every address that we use with the public cloud; only the older Defender API differs.
			Name: "gcc", Authority: "https://login.microsoftonline.com", Graph: "https://graph.microsoft.com",
			ResourceManager: "https://management.azure.com", Portal: "https://security.microsoft.com", Supported: true,
		},
		{
			Name: "gcc-high", Authority: "https://login.microsoftonline.us", Graph: "https://graph.microsoft.us",
			ResourceManager: "https://management.usgovcloudapi.net", Portal: "https://security.microsoft.us", Supported: true,
		},
		{
			Name: "dod", Authority: "https://login.microsoftonline.us", Graph: "https://dod-graph.microsoft.us",
			ResourceManager: "https://management.usgovcloudapi.net", Portal: "https://security.apps.mil", Supported: true,
		},
		{
			Name: "china", Authority: "https://login.chinacloudapi.cn", Graph: "https://microsoftgraph.chinacloudapi.cn",
			ResourceManager: "https://management.chinacloudapi.cn",
			Why:             "Microsoft Graph offers no security incidents in the cloud operated by 21Vianet",
		},
	} {
		clouds[c.Name] = c
	}
	return clouds
}

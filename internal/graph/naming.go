package graph

import (
	"math/bits"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// naming says how the queue counts a kind of evidence, and where its name stands: dotted paths, the best first.
type naming struct {
	kind  soc.EntityKind
	paths []string
}

// namings is never changed. Its keys and paths are those of the schema of 2026-08-20 (graph-api 2.3).
var namings = map[string]naming{
	"device":               {soc.EntityDevice, []string{"deviceDnsName", "hostName", "mdeDeviceId", "azureAdDeviceId"}},
	"ioTDevice":            {soc.EntityDevice, []string{"deviceName", "deviceId", "ipAddress.ipAddress", "macAddress"}},
	"user":                 {soc.EntityUser, []string{"userAccount.userPrincipalName", "userAccount.accountName", "userAccount.displayName", "userAccount.azureAdUserId", "userAccount.userSid"}},
	"cloudLogonSession":    {soc.EntityUser, []string{"account.userAccount.userPrincipalName", "account.userAccount.accountName", "account.userAccount.displayName", "deviceName", "sessionId"}},
	"hostLogonSession":     {soc.EntityUser, []string{"account.userAccount.userPrincipalName", "account.userAccount.accountName", "account.userAccount.displayName", "host.deviceDnsName", "sessionId"}},
	"mailbox":              {soc.EntityMailbox, []string{"primaryAddress", "upn", "userAccount.userPrincipalName", "displayName"}},
	"mailboxConfiguration": {soc.EntityMailbox, []string{"mailboxPrimaryAddress", "upn", "displayName", "configurationId"}},

	"ip":                {soc.EntityIP, []string{"ipAddress"}},
	"networkConnection": {soc.EntityIP, []string{"destinationAddress.ipAddress", "sourceAddress.ipAddress"}},
	"url":               {soc.EntityURL, []string{"url"}},
	"dns":               {soc.EntityOther, []string{"domainName"}},
	"nic":               {soc.EntityOther, []string{"macAddress", "ipAddress.ipAddress"}},

	"file":          {soc.EntityFile, []string{"fileDetails.fileName", "fileDetails.sha256", "fileDetails.sha1", "fileDetails.md5"}},
	"fileHash":      {soc.EntityFile, []string{"value"}},
	"process":       {soc.EntityFile, []string{"imageFile.fileName", "processCommandLine", "imageFile.sha256", "imageFile.sha1"}},
	"malware":       {soc.EntityOther, []string{"name", "category"}},
	"registryKey":   {soc.EntityOther, []string{"registryKey", "registryHive"}},
	"registryValue": {soc.EntityOther, []string{"registryKey", "registryValueName", "registryHive"}},

	"analyzedMessage": {soc.EntityOther, []string{"subject", "internetMessageId", "networkMessageId"}},
	"submissionMail":  {soc.EntityOther, []string{"subject", "networkMessageId", "submissionId"}},
	"teamsMessage":    {soc.EntityOther, []string{"subject", "senderFromAddress", "messageId"}},
	"mailCluster":     {soc.EntityOther, []string{"clusterByValue", "clusterBy", "query", "urn"}},

	"cloudApplication":  {soc.EntityApp, []string{"displayName", "instanceName", "appId"}},
	"oauthApplication":  {soc.EntityApp, []string{"displayName", "appId", "objectId"}},
	"servicePrincipal":  {soc.EntityApp, []string{"servicePrincipalName", "appId", "servicePrincipalObjectId"}},
	"aiAgent":           {soc.EntityApp, []string{"agentName", "agentId"}},
	"securityGroup":     {soc.EntityOther, []string{"displayName", "friendlyName", "distinguishedName", "securityGroupId", "sid"}},
	"cloudLogonRequest": {soc.EntityOther, []string{"requestId"}},

	"activeDirectoryDomain": {soc.EntityOther, []string{"activeDirectoryDomainName"}},
	"azureResource":         {soc.EntityOther, []string{"resourceName", "resourceId"}},
	"amazonResource":        {soc.EntityOther, []string{"resourceName", "amazonResourceId", "amazonAccountId"}},
	"googleCloudResource":   {soc.EntityOther, []string{"resourceName", "fullResourceName", "projectId"}},
	"sasToken":              {soc.EntityOther, []string{"storageResource.resourceName", "signatureHash"}},
	"containerImage":        {soc.EntityOther, []string{"imageId", "digestImage.imageId"}},
	"containerRegistry":     {soc.EntityOther, []string{"registry"}},
	"gitHubOrganization":    {soc.EntityOther, []string{"displayName", "login", "orgId"}},
	"gitHubRepo":            {soc.EntityOther, []string{"baseUrl", "login", "repoId"}},
	"gitHubUser":            {soc.EntityOther, []string{"login", "name", "email", "userId"}},
}

// unknownNaming serves the kinds that are named by their name, and those that this version does not know.
var unknownNaming = naming{soc.EntityOther, []string{
	"displayName", "name", "resourceName", "subject", "title", "fileName", "userPrincipalName", "ipAddress", "domainName",
	"url", "address", "value", "id", "containerId",
}}

func namingOf(kind string) naming {
	if n, ok := namings[kind]; ok {
		return n
	}
	return unknownNaming
}

// KindOf says how the queue counts a kind of evidence.
func KindOf(evidence string) soc.EntityKind { return namingOf(evidence).kind }

// nameOf finds the best name among the flattened fields of a piece of evidence.
func nameOf(kind string, fields []soc.Field) text.Line {
	for _, path := range namingOf(kind).paths {
		for i := range fields {
			if fields[i].Name.String() == path {
				return fields[i].Value
			}
		}
	}
	return text.Line{}
}

// kindOf gives the last part of an evidence's @odata.type without "Evidence", for example device out of
// #microsoft.graph.security.deviceEvidence.
func (r *reader) kindOf(odataType []byte) string {
	l := r.lines.of(odataType).String()
	return strings.TrimSuffix(l[strings.LastIndexByte(l, '.')+1:], "Evidence")
}

// namer reads only what names a piece of evidence out of its JSON.
type namer struct {
	naming
	best int // index of the path that name came from
	name text.Line
}

// member reads the value of the member called name, behind a prefix that all live paths share and whose length is given.
func (n *namer) member(r *reader, name []byte, prefix int, live uint64) {
	if n.best == 0 && !n.name.IsZero() {
		r.skip() // nothing better can come
		return
	}
	var leaf, deeper uint64
	for m := live; m != 0; m &= m - 1 {
		i := bits.TrailingZeros64(m)
		rest := n.paths[i][prefix:]
		if len(rest) < len(name) || rest[:len(name)] != string(name) {
			continue
		}
		if len(rest) == len(name) {
			leaf |= 1 << i
		} else if rest[len(name)] == '.' {
			deeper |= 1 << i
		}
	}
	if leaf|deeper == 0 {
		r.skip()
		return
	}
	switch kind := r.peek(); {
	case deeper != 0 && kind == jsontext.KindBeginObject:
		prefix += len(name) + 1
		for name := range r.members {
			n.member(r, name, prefix, deeper)
		}
	case leaf != 0 && (kind == jsontext.KindString || kind == jsontext.KindNumber):
		i := bits.TrailingZeros64(leaf)
		if b := r.text(); len(b) > 0 && (n.name.IsZero() || i < n.best) {
			n.name, n.best = r.lines.of(b), i
		}
	default:
		r.skip()
	}
}

// entity reads a piece of evidence down to what the queue counts. The name is empty where nothing names it.
func (r *reader) entity() soc.Entity {
	var n namer
	var all uint64
	var late *evidenceReader
	for name := range r.members {
		switch {
		case n.paths != nil:
			n.member(r, name, 0, all)
		case late == nil && string(name) == "@odata.type":
			n.naming = namingOf(r.kindOf(r.text()))
			all = 1<<len(n.paths) - 1
		default:
			// The type should come first. Where it does not, only the end tells what names the evidence.
			if late == nil {
				late = newEvidenceReader(r)
			}
			late.member(name)
		}
	}
	if late != nil {
		e := late.done()
		return soc.Entity{Kind: namingOf(e.Kind).kind, Name: e.Name}
	}
	return soc.Entity{Kind: n.kind, Name: n.name}
}

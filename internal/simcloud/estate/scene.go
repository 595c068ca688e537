package estate

import (
	"strconv"
	"strings"
)

// scene is who and what takes part in an incident; titles, evidence and comments speak of the same ones.
type scene struct {
	tenant  Tenant
	devices []device
	users   []person
	attacker
}

type device struct {
	name, mdeID, aadID, os, ip string
}

type person struct {
	name, account, upn, oid, sid string
}

// attacker is what the other side leaves behind.
type attacker struct {
	ip, domain, url, sender, subject, file, sha1, sha256, md5, country, city, app string
	// hostile is a text that tries to break a console, planted in the place that field names; mostly empty.
	hostile string
	field   int
}

// newScene casts an incident from the people and devices of a tenant.
func newScene(r rng, t Tenant) *scene {
	s := &scene{tenant: t}
	for range r.between(1, 3) {
		s.devices = append(s.devices, tenantDevice(t, r.IntN(60)))
	}
	for range r.between(1, 3) {
		s.users = append(s.users, tenantPerson(t, r.IntN(80)))
	}
	place := pick(r, []string{"NL Amsterdam", "RO Bucharest", "NG Lagos", "BR São Paulo", "VN Hanoi", "RU Moscow", "US Ashburn", "HK Hong Kong", "SC Victoria"})
	domain := pick(r, []string{"login-secure-check", "cdn-update-service", "docu-share-portal", "invoice-archive", "stat-metrics", "payroll-notice"}) + pick(r, []string{".example", ".test", ".invalid"})
	s.attacker = attacker{
		ip: r.publicIP(), domain: domain, url: "https://" + domain + "/" + r.hex(10) + "?e=" + s.users[0].upn,
		sender:  pick(r, []string{"billing", "hr-team", "no-reply", "ceo.office", "it-desk"}) + "@" + domain,
		subject: pick(r, []string{"Invoice 48112 overdue", "Your mailbox is almost full", "Updated payroll document", "Voicemail from +44 20 7946 0958", "Action required: MFA re-enrolment", "Re: wire transfer today", "Gehaltsabrechnung Oktober", "共有ドキュメント: 予算2026"}),
		file:    pick(r, []string{"invoice_2026.iso", "mimi.exe", "svch0st.exe", "update.ps1", "Rclone.exe", "payload.dll", "psexesvc.exe", "ScreenConnect.ClientService.exe", "budget.xlsm", "AnyDesk.exe", "lsass.dmp", "7z.exe"}),
		sha1:    r.hex(40), sha256: r.hex(64), md5: r.hex(32), country: place[:2], city: place[3:],
		app: pick(r, []string{"Mail Sync Pro", "PDF Helper 365", "Calendar Bridge", "eM Client", "Backup4Teams", "Perfect Data Software"}),
	}
	return s
}

// tenantDevice is the n-th device of a tenant, the same whenever it is asked for.
func tenantDevice(t Tenant, n int) device {
	r := newRNG(0, "device", t.Code, strconv.Itoa(n))
	prefix := pick(r, []string{"PC", "LT", "WS", "FS", "SQL", "DC", "WEB", "VDI", "SRV", "MAC"})
	name := prefix + "-" + strconv.Itoa(n+1)
	if prefix == "DC" || prefix == "FS" {
		name = prefix + "-0" + strconv.Itoa(n%9+1)
	}
	os := pick(r, []string{"Windows10", "Windows11", "Windows11", "Windows11"})
	switch prefix {
	case "FS", "SQL", "DC", "SRV":
		os = pick(r, []string{"WindowsServer2019", "WindowsServer2022"})
	case "WEB":
		os = pick(r, []string{"Linux", "WindowsServer2022"})
	case "MAC":
		os = "macOS"
	}
	return device{name: name, mdeID: r.hex(40), aadID: r.guid(), os: os, ip: r.privateIP()}
}

// tenantPerson is the n-th employee of a tenant.
func tenantPerson(t Tenant, n int) person {
	r := newRNG(0, "person", t.Code, strconv.Itoa(n))
	first := pick(r, strings.Fields("Adele Alex Amara Anders Bianca Chen Diego Elif Enrico Fatima Grady Henrietta Isaiah Joni Kaito Lee Lidia Lynne Megan Miriam Nestor Olu Patti Pradeep Renée Søren Tomás Wanjiru Yuki Zoë"))
	last := pick(r, strings.Fields("Vance Wilber Okafor Berg Pisani Wei Ramos Yılmaz Cattaneo Haddad Archie Mueller Langer Sherman Tanaka Gu Holloway Robbins Bowen Graham Wilke Adeyemi Fernandez Gupta Dubois Lindqvist García Kamau Sato Keller"))
	account := strings.ToLower(asciiName(first) + "." + asciiName(last[:1]))
	return person{
		name: first + " " + last, account: account, upn: account + "@" + t.Domain, oid: r.guid(),
		sid: "S-1-5-21-" + strconv.Itoa(r.between(1e8, 9e8)) + "-" + strconv.Itoa(r.between(1e8, 9e8)) + "-" + strconv.Itoa(r.between(1e8, 9e8)) + "-" + strconv.Itoa(1100+n),
	}
}

// asciiName spells a name for an account.
func asciiName(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'é', 'ë':
			return 'e'
		case 'ı', 'í':
			return 'i'
		case 'ø':
			return 'o'
		case 'á':
			return 'a'
		}
		if r < 0x80 {
			return r
		}
		return -1
	}, s)
}

// fill puts the names of the scene into a text such as "Sign-in of {user} from {ip}".
func (s *scene) fill(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(s.name(name))
		text = after
	}
}

// name gives what a placeholder stands for.
func (s *scene) name(placeholder string) string {
	switch placeholder {
	case "dev":
		return s.devices[0].name
	case "user":
		return s.users[0].name
	case "upn":
		return s.users[0].upn
	case "ip":
		return s.ip
	case "domain":
		return s.domain
	case "file":
		return s.file
	case "app":
		return s.app
	case "sender":
		return s.sender
	case "subject":
		return s.subject
	case "city":
		return s.city
	case "devices":
		return plural(len(s.devices), "endpoint")
	case "users":
		return plural(len(s.users), "user")
	default:
		panic("estate: no such placeholder: " + placeholder)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return "multiple " + noun + "s"
}

package mask

import (
	"regexp"
	"strings"
)

var (
	// address finds a user's name at a domain, also a guest's, whose name has #EXT# in it.
	address = regexp.MustCompile(`[\pL\pN._%+#\-']+@[\pL\pN\-]+(\.[\pL\pN\-]+)*`)
	// guest finds a guest's name without the domain.
	guest = regexp.MustCompile(`(?i)[\pL\pN._%+\-']+#ext#`)
	// home finds the directory of a user.
	home = regexp.MustCompile(`(?i)([\\/](?:users|home)[\\/])[^\\/\s"']+`)
	// account finds DOMAIN\user where a text or a word of it begins, with what stands before and after it.
	account = regexp.MustCompile(`(^|[\s"'(<\[=,;:])([\pL\pN][\pL\pN.\-]*)\\([\pL\pN][\pL\pN._$\-]*)`)
)

// accounts hides what looks like a user's account, whosever it is.
func accounts(s string) string {
	if strings.IndexByte(s, '@') >= 0 {
		s = address.ReplaceAllString(s, "user@masked")
	}
	if strings.IndexByte(s, '#') >= 0 {
		s = guest.ReplaceAllString(s, "user")
	}
	back := strings.IndexByte(s, '\\') >= 0
	if back || strings.IndexByte(s, '/') >= 0 {
		s = home.ReplaceAllString(s, "${1}user")
	}
	if back {
		s = domainUsers(s)
	}
	return s
}

// domainUsers hides DOMAIN\user. A path, a key of the registry, an account of the system and a character that is shown as a
// code (\u{200b}) look alike and stay.
func domainUsers(s string) string {
	var b strings.Builder
	done := 0
	for _, at := range account.FindAllStringSubmatchIndex(s, -1) {
		domain, user, rest := strings.ToLower(s[at[4]:at[5]]), strings.ToLower(s[at[6]:at[7]]), s[at[1]:]
		if strings.HasPrefix(rest, `\`) || user == "u" && strings.HasPrefix(rest, "{") || system(domain) || program(user) {
			continue
		}
		b.WriteString(s[done:at[4]] + "user")
		done = at[1]
	}
	if done == 0 {
		return s
	}
	return b.String() + s[done:]
}

func system(domain string) bool {
	switch domain {
	case "authority", "builtin", "apppool", "service", "system32", "syswow64":
		return true
	}
	return strings.HasPrefix(domain, "hk")
}

func program(file string) bool {
	for _, end := range []string{".exe", ".dll", ".sys", ".ps1", ".bat", ".cmd", ".vbs", ".lnk", ".msi"} {
		if strings.HasSuffix(file, end) {
			return true
		}
	}
	return false
}

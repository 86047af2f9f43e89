package doctor

import (
	"context"

	"kapu/config"
	"kapu/internal/audit"
	"kapu/internal/build"
	"kapu/internal/update"
)

// checkMachine looks at what an administrator has set up for everybody here. Where nobody has, it finds nothing.
func (e *examination) checkMachine(ctx context.Context) (findings []Finding) {
	_, ignored, err := config.Explain(e.paths)
	policy := e.cfg.Policy
	if err == nil && (ignored != nil || !policy.Equal(config.Policy{})) {
		findings = append(findings, e.judge("policy", ignored))
	}
	if policy.Audit == config.AuditSystem {
		findings = append(findings, e.checkAudit())
	}
	if policy.UpdateURL != "" {
		findings = append(findings, e.checkVersion(ctx))
	}
	return findings
}

func (e *examination) checkAudit() Finding {
	if _, err := audit.Open(config.Session()); err != nil {
		return Finding{Check: "audit", State: Failed, Detail: e.texts.T("doctor-audit-none")}
	}
	return e.judge("audit", nil)
}

// checkVersion asks for the newest version, or says what was answered in the last day.
func (e *examination) checkVersion(ctx context.Context) Finding {
	n, err := update.Newer(ctx, e.cfg.Policy.UpdateURL, e.paths.State)
	f := Finding{Check: "version", State: Unknown}
	switch {
	case err != nil:
		f.Detail = e.texts.T("doctor-version-unknown", "URL", e.cfg.Policy.UpdateURL)
	case n != nil:
		f.Detail = e.texts.T("doctor-version-newer", "Version", n.Version, "Now", build.Version, "Page", n.Page)
		f.Page = n.Page
	default:
		f.State, f.Detail = OK, e.texts.T("doctor-version-good", "Version", build.Version)
	}
	return f
}

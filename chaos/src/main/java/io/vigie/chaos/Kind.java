package io.vigie.chaos;

import java.util.List;

/**
 * A kind of object: whose it is, where its rows are, and where its readers find it.
 *
 * @param service whose database and whose API
 * @param path of the list of all; null where there is none
 * @param id the member of a listed object that tells it from others
 */
record Kind(String name, String service, String table, String path, String id) {

  private Kind(String name, String service, String table, String path) {
    this(name, service, table, path, "id");
  }

  /** Every kind that the platform has. */
  static final List<Kind> ALL =
      List.of(
          new Kind("asset", "asset", "asset", "/v1/assets"),
          new Kind("disposal", "asset", "disposal", "/v1/disposals"),
          new Kind("zone", "asset", "zone", "/v1/zones"),
          new Kind("flow", "asset", "flow", "/v1/flows"),
          new Kind("network-finding", "asset", "network_finding", "/v1/network-findings"),
          new Kind("site-closure", "asset", "site_closure", "/v1/site-closures"),
          new Kind("bom", "asset", "bom", null),
          new Kind("advisory", "asset", "advisory", "/v1/advisories"),
          new Kind("vulnerability", "asset", "vulnerability", "/v1/vulnerabilities"),
          new Kind("feed", "asset", "feed", "/v1/feeds"),
          new Kind("notice", "asset", "notice", "/v1/notices"),
          new Kind("supplier", "asset", "supplier", "/v1/suppliers"),
          new Kind("document", "asset", "document", "/v1/documents"),
          new Kind("acknowledgement", "asset", "acknowledgement", null),
          new Kind("deployment", "asset", "deployment", "/v1/deployments"),
          new Kind("posture", "asset", "posture", null),
          new Kind("posture-exemption", "asset", "posture_exemption", "/v1/posture-exemptions"),
          new Kind("person", "access", "person", "/v1/people"),
          new Kind("service-account", "access", "service_account", "/v1/service-accounts"),
          new Kind("entitlement", "access", "entitlement", "/v1/entitlements"),
          new Kind("business-profile", "access", "business_profile", "/v1/business-profiles"),
          new Kind("profile-assignment", "access", "profile_assignment", "/v1/profile-assignments"),
          new Kind("right", "access", "access_right", "/v1/rights"),
          new Kind("delegation", "access", "delegation", "/v1/delegations"),
          new Kind("duty-rule", "access", "duty_rule", "/v1/duty-rules"),
          new Kind("duty-conflict", "access", "duty_conflict", "/v1/duty-conflicts"),
          new Kind("campaign", "access", "campaign", "/v1/campaigns"),
          new Kind("review", "access", "review", null),
          new Kind("client", "access", "client", "/v1/clients"),
          new Kind("client-access", "access", "client_access", "/v1/client-accesses"),
          new Kind("course", "access", "course", "/v1/courses"),
          new Kind("attendance", "access", "attendance", "/v1/attendances"),
          new Kind("training", "access", "training_lapse", null),
          new Kind("physical-zone", "access", "physical_zone", "/v1/physical-zones"),
          new Kind("badge", "access", "badge", "/v1/badges"),
          new Kind("key", "access", "physical_key", "/v1/keys"),
          new Kind("visit", "access", "visit", "/v1/visits"),
          new Kind("inspection", "access", "inspection", "/v1/inspections"),
          new Kind("inspection-finding", "access", "inspection_finding", "/v1/inspection-findings"),
          new Kind("drift", "access", "drift", "/v1/drifts"),
          new Kind("notification", "incident", "notice", "/v1/notices"),
          new Kind("security-event", "incident", "security_event", "/v1/security-events"),
          new Kind("incident", "incident", "incident", "/v1/incidents"),
          new Kind("compromise", "incident", "compromise", null),
          new Kind("monitoring-alert", "incident", "alert", "/v1/alerts"),
          new Kind("silence", "incident", "silence", "/v1/silences"),
          new Kind(
              "notification-clock", "incident", "notification_clock", "/v1/notification-clocks"),
          new Kind("monitor", "incident", "monitor", "/v1/monitors"),
          new Kind("attachment", "incident", "attachment", "/v1/attachments"),
          new Kind("playbook", "incident", "playbook", "/v1/playbooks"),
          new Kind("playbook-run", "incident", "playbook_run", "/v1/playbook-runs"),
          new Kind("rota", "incident", "rota", "/v1/rota"),
          new Kind("scan", "incident", "scan", "/v1/scans"),
          new Kind("scan-finding", "incident", "scan_finding", "/v1/scan-findings"),
          new Kind("backup-plan", "backup", "backup_plan", "/v1/plans"),
          new Kind("backup-run", "backup", "backup_run", "/v1/runs"),
          new Kind("asset-coverage", "backup", "asset_coverage", "/v1/coverage", "asset"),
          new Kind("backup-exception", "backup", "backup_exception", "/v1/backup-exceptions"),
          new Kind("backup-access", "backup", "backup_access", "/v1/backup-accesses"),
          new Kind("backup-deletion", "backup", "backup_deletion", "/v1/backup-deletions"),
          new Kind("restore-test", "backup", "restore_test", "/v1/restore-tests"),
          new Kind("restore-duty", "backup", "restore_duty", "/v1/restore-duties", "asset"),
          new Kind("backup-hold", "backup", "backup_hold", "/v1/backup-holds"),
          new Kind("retention-decision", "backup", "retention_decision", "/v1/retention-decisions"),
          new Kind("critical-function", "backup", "critical_function", "/v1/critical-functions"),
          new Kind("continuity-plan", "backup", "continuity_plan", "/v1/continuity-plans"),
          new Kind(
              "continuity-exercise", "backup", "continuity_exercise", "/v1/continuity-exercises"),
          // An auditor sees those alone that name them.
          new Kind("control-audit", "audit", "control_audit", null),
          new Kind("control-exception", "audit", "control_exception", "/v1/control-exceptions"),
          new Kind("control-attestation", "audit", "control_attestation", null),
          new Kind("re-evaluation", "audit", "re_evaluation", "/v1/re-evaluations"));
}

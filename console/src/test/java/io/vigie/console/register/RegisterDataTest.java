package io.vigie.console.register;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.console.register.Register.Action;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.Register.Section;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Holds what the registers' data say against the contracts of the services. */
class RegisterDataTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CONTRACTS = Path.of("..", "contracts");
  private static final Registers REGISTERS = new Registers(JSON);
  private static final Set<String> NOBODY = Set.of("internal-tool", "hr-import");

  /** The example of a register's objects. */
  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry("assets", "Asset"),
          Map.entry("suppliers", "Supplier"),
          Map.entry("components", "HeldComponent"),
          Map.entry("vulnerabilities", "Vulnerability"),
          Map.entry("advisories", "Advisory"),
          Map.entry("zones", "Zone"),
          Map.entry("flows", "Flow"),
          Map.entry("network-findings", "NetworkFinding"),
          Map.entry("people", "Person"),
          Map.entry("rights", "Right"),
          Map.entry("entitlements", "Entitlement"),
          Map.entry("campaigns", "Campaign"),
          Map.entry("delegations", "Delegation"),
          Map.entry("business-profiles", "BusinessProfile"),
          Map.entry("profile-assignments", "ProfileAssignment"),
          Map.entry("service-accounts", "ServiceAccount"),
          Map.entry("duty-conflicts", "DutyConflict"),
          Map.entry("duty-rules", "DutyRule"),
          Map.entry("drifts", "Drift"),
          Map.entry("directory-changes", "DirectoryChange"),
          Map.entry("clients", "Client"),
          Map.entry("client-accesses", "ClientAccess"),
          Map.entry("courses", "Course"),
          Map.entry("visits", "Visit"),
          Map.entry("badges", "Badge"),
          Map.entry("keys", "Key"),
          Map.entry("physical-zones", "PhysicalZone"),
          Map.entry("inspection-findings", "InspectionFinding"),
          Map.entry("control-exceptions", "ControlException"),
          Map.entry("re-evaluations", "Reevaluation"),
          Map.entry("audit-plans", "Audit"),
          Map.entry("audit-findings", "AuditFinding"),
          Map.entry("reports", "SecurityEvent"),
          Map.entry("incidents", "Incident"),
          Map.entry("alerts", "Alert"),
          Map.entry("scan-findings", "ScanFinding"),
          Map.entry("notification-clocks", "NotificationClock"),
          Map.entry("backup-plans", "BackupPlan"),
          Map.entry("backup-runs", "BackupRun"),
          Map.entry("restore-tests", "RestoreTest"),
          Map.entry("documents", "Document"),
          Map.entry("disposals", "Disposal"),
          Map.entry("postures", "Posture"),
          Map.entry("posture-exemptions", "PostureExemption"),
          Map.entry("deployments", "Deployment"),
          Map.entry("feeds", "Feed"),
          Map.entry("notices", "Notice"),
          Map.entry("site-closures", "SiteClosure"),
          Map.entry("incident-tasks", "IncidentTask"),
          Map.entry("compromises", "Compromise"),
          Map.entry("monitors", "Monitor"),
          Map.entry("silences", "Silence"),
          Map.entry("rota", "RotaShift"),
          Map.entry("playbooks", "Playbook"),
          Map.entry("playbook-runs", "PlaybookRun"),
          Map.entry("playbook-lessons", "PlaybookLesson"),
          Map.entry("coverage", "AssetCoverageDetail"),
          Map.entry("backup-exceptions", "BackupException"),
          Map.entry("backup-accesses", "BackupAccess"),
          Map.entry("backup-deletions", "BackupDeletion"),
          Map.entry("backup-holds", "BackupHold"),
          Map.entry("restore-duties", "RestoreDutyDetail"),
          Map.entry("retention-decisions", "RetentionDecision"),
          Map.entry("critical-functions", "CriticalFunction"),
          Map.entry("continuity-plans", "ContinuityPlan"),
          Map.entry("continuity-exercises", "ContinuityExercise"),
          Map.entry("continuity-lessons", "ContinuityLesson"));

  /** The example of what a section's list has, where that is no register's. */
  private static final Map<String, String> SECTIONS =
      Map.ofEntries(
          Map.entry("alarm-tests", "AlarmTest"),
          Map.entry("attachments", "Attachment"),
          Map.entry("attendances", "Attendance"),
          Map.entry("standings", "TrainingStanding"),
          Map.entry("training", "TrainingStanding"),
          Map.entry("components", "HeldComponent"),
          Map.entry("contracts", "SupplierContract"),
          Map.entry("steps", "IncidentNote"),
          Map.entry("tasks", "IncidentTask"),
          Map.entry("timeline", "IncidentEntry"),
          Map.entry("regimes", "NotificationRegime"),
          Map.entry("evidence", "RestoreEvidence"),
          Map.entry("restore-measures", "RestoreMeasure"),
          Map.entry("items", "ReviewItem"),
          Map.entry("confirmations", "ReviewItem"),
          Map.entry("assessments", "SupplierAssessment"),
          Map.entry("reservations", "AssessmentReservation"),
          Map.entry("supplier-exceptions", "SupplierException"),
          Map.entry("sub-processors", "SubProcessor"),
          Map.entry("supplier-incidents", "SupplierIncident"),
          Map.entry("document-versions", "DocumentVersion"),
          Map.entry("acknowledgements", "Acknowledgement"),
          Map.entry("monitor-results", "MonitorResult"),
          Map.entry("playbook-versions", "PlaybookVersion"),
          Map.entry("run-steps", "PlaybookRunStep"),
          Map.entry("uses", "BackupUse"),
          Map.entry("failover-tests", "FailoverTest"),
          Map.entry("plan-versions", "ContinuityPlanVersion"),
          Map.entry("exercise-steps", "ContinuityExerciseStep"));

  /** The example of what an action takes. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("assets/assign-owner", "Ownership"),
          Map.entry("assets/classify", "Assessment"),
          Map.entry("assets/reject", "Rejection"),
          Map.entry("assets/hand-over", "Handover"),
          Map.entry("assets/repair", "Repair"),
          Map.entry("assets/recover", "Recovery"),
          Map.entry("assets/lose", "Loss"),
          Map.entry("assets/retire", "Retirement"),
          Map.entry("assets/say-needs", "Needs"),
          Map.entry("suppliers/propose-supplier", "SupplierProfile"),
          Map.entry("suppliers/sign-contract", "ContractTerms"),
          Map.entry("suppliers/end-contract", "SupplierContractEnding"),
          Map.entry("suppliers/ask-exception", "SupplierExceptionRequest"),
          Map.entry("suppliers/declare-sub-processor", "SubProcessorDeclaration"),
          Map.entry("suppliers/report-supplier-incident", "SupplierIncidentReport"),
          Map.entry("suppliers/close-supplier-incident", "SupplierIncidentClosing"),
          Map.entry("suppliers/suspend", "SupplierSuspension"),
          Map.entry("suppliers/end", "SupplierEnding"),
          Map.entry("vulnerabilities/assess", "VulnerabilityAssessment"),
          Map.entry("vulnerabilities/fix", "VulnerabilityFix"),
          Map.entry("vulnerabilities/request-acceptance", "RiskAcceptanceRequest"),
          Map.entry("vulnerabilities/refuse-acceptance", "RiskAcceptanceRefusal"),
          Map.entry("advisories/mark-exploited", "Exploitation"),
          Map.entry("advisories/withdraw-advisory", "AdvisoryWithdrawal"),
          Map.entry("zones/declare-zone", "ZoneDeclaration"),
          Map.entry("zones/ask-flow", "FlowRequest"),
          Map.entry("flows/ask-flow", "FlowRequest"),
          Map.entry("flows/refuse", "FlowDecision"),
          Map.entry("flows/take-back", "FlowDecision"),
          Map.entry("network-findings/set-aside", "Dismissal"),
          Map.entry("rights/refuse", "RightRefusal"),
          Map.entry("rights/refuse-renewal", "RightRefusal"),
          Map.entry("rights/renew", "RightRenewal"),
          Map.entry("rights/revoke", "RightRevocation"),
          Map.entry("rights/justify", "RightJustification"),
          Map.entry("people/register-person", "PersonDetails"),
          Map.entry("people/reassign", "PersonDetails"),
          Map.entry("people/plan-move", "Move"),
          Map.entry("people/plan-departure", "Departure"),
          Map.entry("people/leave-now", "Departure"),
          Map.entry("entitlements/offer-entitlement", "EntitlementCreation"),
          Map.entry("entitlements/retire", "EntitlementRetirement"),
          Map.entry("entitlements/ask", "RightRequest"),
          Map.entry("entitlements/break-glass", "BreakGlass"),
          Map.entry("entitlements/assign-owner", "EntitlementTerms"),
          Map.entry("campaigns/cancel", "CampaignCancellation"),
          Map.entry("campaigns/cancel-open", "CampaignCancellation"),
          Map.entry("campaigns/plan-review", "CampaignPlan"),
          Map.entry("delegations/revoke", "DelegationRevocation"),
          Map.entry("delegations/decline", "DelegationRevocation"),
          Map.entry("delegations/delegate", "DelegationRequest"),
          Map.entry("business-profiles/assign-profile", "ProfileAssignmentRequest"),
          Map.entry("business-profiles/add-entitlement", "BusinessProfileContent"),
          Map.entry("business-profiles/retire", "BusinessProfileRetirement"),
          Map.entry("business-profiles/make-profile", "BusinessProfileContent"),
          Map.entry("profile-assignments/limit", "ProfileAssignmentChange"),
          Map.entry("profile-assignments/end", "ProfileAssignmentEnd"),
          Map.entry("service-accounts/register-account", "ServiceAccountRegistration"),
          Map.entry("service-accounts/take-over", "ServiceAccountResponsible"),
          Map.entry("service-accounts/limit", "ServiceAccountChange"),
          Map.entry("service-accounts/end", "ServiceAccountEnd"),
          Map.entry("duty-conflicts/except", "DutyException"),
          Map.entry("duty-conflicts/withdraw-exception", "DutyExceptionWithdrawal"),
          Map.entry("duty-conflicts/settle-conflict", "DutyConflictSettlement"),
          Map.entry("duty-conflicts/except-ahead", "DutyExceptionAhead"),
          Map.entry("duty-rules/retire", "DutyRuleRetirement"),
          Map.entry("drifts/accept-drift", "DriftAcceptance"),
          Map.entry("clients/add-client", "ClientProfile"),
          Map.entry("clients/renew-contract", "ClientProfile"),
          Map.entry("clients/end-contract", "ClientEnding"),
          Map.entry("clients/settle-data", "ClientDataSettlement"),
          Map.entry("clients/ask-access", "ClientAccessRequest"),
          Map.entry("client-accesses/refuse", "ClientAccessRefusal"),
          Map.entry("client-accesses/revoke", "ClientAccessRevocation"),
          Map.entry("courses/add-course", "CourseSheet"),
          Map.entry("courses/renew-content", "CourseSheet"),
          Map.entry("courses/record-attendance", "AttendanceRecord"),
          Map.entry("courses/retire", "CourseRetirement"),
          Map.entry("visits/refuse", "VisitRefusal"),
          Map.entry("visits/cancel", "VisitCancellation"),
          Map.entry("visits/let-in", "VisitArrival"),
          Map.entry("visits/plan-visit", "VisitPlan"),
          Map.entry("badges/revoke", "BadgeRevocation"),
          Map.entry("badges/replace", "BadgeReplacement"),
          Map.entry("badges/issue-badge", "BadgeIssue"),
          Map.entry("keys/register-key", "KeyRegistration"),
          Map.entry("physical-zones/add-door", "PhysicalZoneDefinition"),
          Map.entry("physical-zones/define-zone", "PhysicalZoneDefinition"),
          Map.entry("keys/hand-key-out", "KeyHandout"),
          Map.entry("keys/destroy", "KeyDestruction"),
          Map.entry("inspection-findings/settle-finding", "InspectionFindingResolution"),
          Map.entry("control-exceptions/refuse", "ControlExceptionEnd"),
          Map.entry("control-exceptions/take-back", "ControlExceptionEnd"),
          Map.entry("control-exceptions/ask-exception", "NewControlException"),
          Map.entry("re-evaluations/answer", "ReevaluationAnswer"),
          Map.entry("audit-plans/raise-finding", "NewAuditFinding"),
          Map.entry("audit-plans/cancel", "AuditCancellation"),
          Map.entry("audit-plans/plan-audit", "NewAudit"),
          Map.entry("audit-findings/say-done", "CorrectiveAction"),
          Map.entry("audit-findings/verify", "AuditFindingVerification"),
          Map.entry("audit-findings/leave-as-is", "AuditFindingAcceptance"),
          Map.entry("reports/promote", "Promotion"),
          Map.entry("reports/merge", "IncidentMerge"),
          Map.entry("reports/dismiss", "Dismissal"),
          Map.entry("incidents/acknowledge", "Step"),
          Map.entry("incidents/investigate", "Step"),
          Map.entry("incidents/contain", "Step"),
          Map.entry("incidents/eradicate", "Step"),
          Map.entry("incidents/resolve", "Step"),
          Map.entry("incidents/review", "Step"),
          Map.entry("incidents/close", "Step"),
          Map.entry("incidents/assign", "Assignment"),
          Map.entry("incidents/judge", "IncidentAssessment"),
          Map.entry("alerts/acknowledge", "AlertAcknowledgement"),
          Map.entry("alerts/resolve", "AlertResolution"),
          Map.entry("scan-findings/request-acceptance", "ScanFindingAcceptanceRequest"),
          Map.entry("scan-findings/refuse-acceptance", "ScanFindingReason"),
          Map.entry("scan-findings/set-aside", "ScanFindingReason"),
          Map.entry("scan-findings/restore", "ScanFindingReason"),
          Map.entry("notification-clocks/notify", "IncidentNotification"),
          Map.entry("notification-clocks/do-not-notify", "NoIncidentNotification"),
          Map.entry("notification-clocks/correct-awareness", "NotificationClockCorrection"),
          Map.entry("backup-plans/suspend", "Suspension"),
          Map.entry("backup-plans/end", "Ending"),
          Map.entry("backup-runs/begin-test", "NewRestoreTest"),
          Map.entry("backup-runs/ask-deletion", "NewBackupDeletion"),
          Map.entry("restore-tests/add-evidence", "NewRestoreEvidence"),
          Map.entry("restore-tests/give-result", "RestoreTestResult"),
          Map.entry("restore-tests/verify", "RestoreTestVerification"),
          Map.entry("restore-tests/abandon", "RestoreTestAbandonment"),
          Map.entry("assets/place", "Placement"),
          Map.entry("assets/move", "Details"),
          Map.entry("assets/give-to-client", "Details"),
          Map.entry("assets/take-from-client", "Details"),
          Map.entry("assets/test-alarm", "AlarmTestReport"),
          Map.entry("assets/dispose", "DisposalRequest"),
          Map.entry("assets/decide-retention", "NewRetentionDecision"),
          Map.entry("suppliers/rate", "SupplierProfile"),
          Map.entry("suppliers/plan-assessment", "AssessmentPlan"),
          Map.entry("suppliers/complete-assessment", "AssessmentFindings"),
          Map.entry("suppliers/lift-reservation", "AssessmentReservationLifting"),
          Map.entry("suppliers/refuse-exception", "SupplierExceptionRefusal"),
          Map.entry("suppliers/object-to-sub-processor", "SubProcessorObjection"),
          Map.entry("zones/move", "ZoneDeclaration"),
          Map.entry("incidents/add-task", "NewIncidentTask"),
          Map.entry("incidents/add-entry", "NewIncidentEntry"),
          Map.entry("incidents/correct-step", "IncidentStepCorrection"),
          Map.entry("incidents/name-affected", "IncidentAffected"),
          Map.entry("incidents/declare-compromise", "CompromiseDeclaration"),
          Map.entry("incidents/classify-incident", "IncidentClassification"),
          Map.entry("incidents/declare-major", "MajorIncidentDeclaration"),
          Map.entry("incidents/give-crisis-role", "CrisisRoleAssignment"),
          Map.entry("incidents/merge-incident", "IncidentMerge"),
          Map.entry("incidents/restrict", "IncidentRestriction"),
          Map.entry("incidents/let-read", "IncidentRestriction"),
          Map.entry("compromises/lift", "CompromiseLifting"),
          Map.entry("backup-plans/reschedule", "Schedule"),
          Map.entry("backup-plans/redirect-copies", "BackupCopy"),
          Map.entry("backup-plans/report-run", "RunReport"),
          Map.entry("documents/send-version-back", "DocumentReturn"),
          Map.entry("documents/assign-owner", "DocumentSheet"),
          Map.entry("documents/withdraw-document", "DocumentWithdrawal"),
          Map.entry("disposals/refuse", "DisposalEnd"),
          Map.entry("disposals/sanitise", "Work"),
          Map.entry("disposals/verify", "Check"),
          Map.entry("disposals/complete", "Departure"),
          Map.entry("disposals/cancel", "DisposalEnd"),
          Map.entry("postures/declare-port", "DeclaredPorts"),
          Map.entry("postures/request-exemption", "PostureExemptionRequest"),
          Map.entry("posture-exemptions/refuse", "PostureExemptionEnd"),
          Map.entry("posture-exemptions/take-back", "PostureExemptionEnd"),
          Map.entry("deployments/say-findings", "DeploymentReview"),
          Map.entry("deployments/correct-outcome", "DeploymentOutcome"),
          Map.entry("feeds/add-feed", "FeedRegistration"),
          Map.entry("feeds/end", "FeedEnding"),
          Map.entry("notices/take-up", "NoticeTakeUp"),
          Map.entry("notices/set-aside", "NoticeDismissal"),
          Map.entry("site-closures/announce-closure", "ClosureAnnouncement"),
          Map.entry("site-closures/cancel", "ClosureCancellation"),
          Map.entry("incident-tasks/cancel", "IncidentTaskCancellation"),
          Map.entry("monitors/add-monitor", "MonitorCreation"),
          Map.entry("monitors/try-every", "MonitorChange"),
          Map.entry("monitors/pause", "MonitorPause"),
          Map.entry("monitors/retire", "MonitorRetirement"),
          Map.entry("silences/silence", "NewSilence"),
          Map.entry("rota/put-on-call", "RotaEntry"),
          Map.entry("rota/cancel", "RotaWithdrawal"),
          Map.entry("playbooks/write-playbook", "NewPlaybook"),
          Map.entry("playbooks/send-back", "PlaybookReturn"),
          Map.entry("playbooks/submit-version", "NewPlaybookVersion"),
          Map.entry("playbooks/work-by", "PlaybookRunStart"),
          Map.entry("playbook-runs/settle", "PlaybookStepSettlement"),
          Map.entry("playbook-runs/add-lesson", "NewPlaybookLesson"),
          Map.entry("playbook-lessons/follow-up", "PlaybookLessonFollowUp"),
          Map.entry("coverage/plan-backup", "Creation"),
          Map.entry("coverage/request-exception", "BackupExceptionRequest"),
          Map.entry("backup-exceptions/refuse", "BackupExceptionEnd"),
          Map.entry("backup-exceptions/take-back", "BackupExceptionEnd"),
          Map.entry("backup-accesses/refuse", "BackupAccessRefusal"),
          Map.entry("backup-accesses/refuse-cisos", "BackupAccessRefusal"),
          Map.entry("backup-accesses/ask-backup-access", "NewBackupAccess"),
          Map.entry("backup-accesses/record-use", "NewBackupUse"),
          Map.entry("backup-deletions/refuse", "BackupDeletionRefusal"),
          Map.entry("backup-deletions/ask-deletion", "NewBackupDeletion"),
          Map.entry("restore-duties/begin-test", "NewRestoreTest"),
          Map.entry("retention-decisions/prove", "DeletionProof"),
          Map.entry("critical-functions/declare-function", "NewCriticalFunction"),
          Map.entry("critical-functions/record-failover", "NewFailoverTest"),
          Map.entry("critical-functions/say-dependency", "NewDependency"),
          Map.entry("critical-functions/retire", "CriticalFunctionRetirement"),
          Map.entry("continuity-plans/write-plan", "NewContinuityPlan"),
          Map.entry("continuity-plans/send-back", "ContinuityPlanReturn"),
          Map.entry("continuity-plans/submit-version", "ContinuityProcedure"),
          Map.entry("continuity-plans/exercise", "ContinuityExerciseStart"),
          Map.entry("continuity-exercises/settle", "ContinuityStepSettlement"),
          Map.entry("continuity-exercises/conclude", "ContinuityExerciseConclusion"),
          Map.entry("continuity-exercises/add-lesson", "NewContinuityLesson"),
          Map.entry("continuity-lessons/follow-up", "ContinuityLessonFollowUp"));

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode example(String service, String name) {
    JsonNode example =
        read(CONTRACTS.resolve("examples").resolve(service + "-service.json")).path(name);
    assertFalse(example.isMissingNode(), service + " has no example " + name);
    return example;
  }

  /** Who may do it: of people, not of tools. */
  private static Set<String> roles(String service, String method, String path) {
    JsonNode all = read(CONTRACTS.resolve("roles").resolve(service + "-service.json"));
    String wanted = method + " " + plain(path);
    return all.properties().stream()
        .filter(each -> isSame(plain(each.getKey()), wanted))
        .max(Comparator.comparing(each -> plain(each.getKey()).equals(wanted)))
        .map(
            each ->
                each.getValue()
                    .valueStream()
                    .map(JsonNode::asText)
                    .filter(role -> !NOBODY.contains(role))
                    .collect(Collectors.toCollection(TreeSet::new)))
        .orElseThrow(() -> new AssertionError(service + " does not serve " + wanted));
  }

  private static String plain(String path) {
    return path.replaceAll("\\?.*", "").replaceAll("\\{[^}]*}", "{}");
  }

  /** The steps of an incident are one path with the step's name in it. */
  private static boolean isSame(String served, String wanted) {
    return served.equals(wanted)
        || served.equals("POST /v1/incidents/{}/{}")
            && wanted.matches("POST /v1/incidents/\\{}/[a-z]+");
  }

  @Test
  void theNamesThatPathsMayHaveAreThoseOfTheRegisters() {
    assertEquals(
        Registers.NAMES,
        REGISTERS.all().stream().map(Register::name).collect(Collectors.joining("|")));
  }

  @Test
  void whoMayReadIsWhoTheServicesLet() {
    for (Register register : REGISTERS.all()) {
      Set<String> here = new TreeSet<>(register.roles());
      // Of what belongs to other objects somebody may read some, where others may read all.
      if (register.isListed() || register.item() == null) {
        assertEquals(roles(register.service(), "GET", register.path()), here, register.name());
      }
      if (register.item() != null) {
        assertEquals(roles(register.service(), "GET", register.item()), here, register.name());
      }
      if (register.export() != null) {
        assertEquals(roles(register.service(), "GET", register.export()), here, register.name());
      }
      for (Register.File file : register.files()) {
        assertEquals(
            roles(register.service(), "GET", file.path()),
            new TreeSet<>(file.roles()),
            register.name() + "/" + file.name());
      }
      if (register.attached() != null) {
        assertEquals(
            roles(register.service(), "GET", register.attached().path()),
            new TreeSet<>(register.attached().roles()),
            register.name() + "/" + register.attached().name());
      }
      for (Section section : register.sections()) {
        Set<String> let = roles(section.service(), "GET", section.path());
        // Some of what one may ask is for fewer people than the rest of its path.
        assertTrue(
            let.contains("staff") || let.equals(new TreeSet<>(section.roles())),
            register.name() + "/" + section.name());
      }
    }
  }

  /** Nobody is led to what audit-service would not show them. */
  @Test
  void whoIsLedToATimelineIsWhoTheLogLetsReadIt() throws IOException {
    Properties log = new Properties();
    try (InputStream file =
        Files.newInputStream(
            Path.of("..", "audit-service", "src", "main", "resources", "application.properties"))) {
      log.load(file);
    }
    Set<String> any = roles("audit", "GET", "/v1/objects/{kind}/{id}/timeline");
    int found = 0;
    for (Register register : REGISTERS.all()) {
      if (register.kind() != null) {
        String some = log.getProperty("vigie.log.history-readers." + register.kind());
        Set<String> let = new TreeSet<>(Set.of("ciso", "auditor"));
        let.addAll(some == null ? List.of() : List.of(some.split(",")));
        assertEquals(
            let, new TreeSet<>(REGISTERS.readersOfTimeline(register.kind())), register.name());
        assertTrue(any.containsAll(let), register.name());
        found += some == null ? 0 : 1;
      }
    }
    assertTrue(found > 40, () -> "the log names no readers any more");
  }

  @Test
  void whoMayBringATableInIsWhoTheServicesLetAndItsColumnsAreTheirs() {
    List<Register> taking =
        REGISTERS.all().stream().filter(register -> register.imports() != null).toList();
    assertTrue(taking.size() > 1, taking::toString);
    for (Register register : taking) {
      Register.Imports imports = register.imports();
      assertEquals(
          roles(register.service(), "POST", imports.path()), new TreeSet<>(imports.roles()));
      String sources = String.join("", sources(register.service()).values());
      imports
          .columns()
          .forEach(
              column -> assertTrue(sources.contains('"' + column + '"'), register.name() + column));
    }
    assertTrue(
        example("asset", "Imported").path("rows").path(0).has("asset")
            && example("access", "ImportedPeople").path("rows").path(0).has("person")
            && example("access", "ImportedPeople").path("taken").path(0).has("person"));
  }

  @Test
  void whoMayActIsWhoTheServicesLet() {
    for (Register register : REGISTERS.all()) {
      Map<String, Set<String>> offered = new TreeMap<>();
      for (Action action : register.actions()) {
        assertTrue(Set.of("POST", "PUT").contains(action.method()), action.name());
        offered
            .computeIfAbsent(
                service(register, action)
                    + " "
                    + action.method()
                    + " "
                    + action.at(register.item()),
                any -> new TreeSet<>())
            .addAll(action.roles());
      }
      if (register.create() != null) {
        offered.put(
            register.service() + " POST " + register.path(),
            new TreeSet<>(register.create().roles()));
      }
      offered.forEach(
          (action, roles) -> {
            String[] parts = action.split(" ");
            assertEquals(
                roles(parts[0], parts[1], parts[2]), roles, register.name() + " " + action);
          });
    }
  }

  private static String service(Register register, Action action) {
    return action.service() == null ? register.service() : action.service();
  }

  private static final List<String> SERVICES =
      List.of("access", "asset", "audit", "backup", "incident");

  /** Done on pages that are no register's: reports, reviews, one's own, controls and audits. */
  private static final Set<String> ON_OTHER_PAGES =
      Set.of(
          "access POST /v1/campaigns/{}/confirmations",
          "access POST /v1/campaigns/{}/decisions",
          "access POST /v1/courses/{}/self-study",
          "asset POST /v1/documents/{}/acknowledgements",
          "audit POST /v1/controls/{}/attestations",
          "audit POST /v1/controls/{}/attestations/{}/withdrawal",
          "audit POST /v1/evidence-requests",
          "audit POST /v1/evidence-requests/{}/answer",
          "audit POST /v1/evidence-requests/{}/assignment",
          "audit POST /v1/evidence-requests/{}/review",
          "audit POST /v1/evidence-requests/{}/withdrawal",
          "incident POST /v1/security-events",
          "incident POST /v1/security-events/{}/attachments");

  /** For programs, or for people who use the API; docs/registers.md says so. */
  private static final Set<String> FOR_THE_API =
      Set.of(
          "access POST /v1/attendances/import",
          "access POST /v1/attendances/{}/annulment",
          "access POST /v1/duty-rules",
          "access POST /v1/first-ciso",
          "access PUT /v1/duty-rules/{}",
          "access POST /v1/inspections",
          "access POST /v1/passages",
          "access POST /v1/passages/import",
          "access POST /v1/people/{}/erasure",
          "asset POST /v1/advisories",
          "asset POST /v1/advisories/import",
          "asset POST /v1/assets",
          "asset PUT /v1/assets/{}/bom",
          "asset PUT /v1/assets/{}/inventory",
          "asset PUT /v1/assets/{}/posture",
          "asset POST /v1/deployments",
          "asset POST /v1/disposals/{}/evidence",
          "asset POST /v1/documents",
          "asset POST /v1/documents/{}/versions",
          "asset POST /v1/inventories",
          "asset POST /v1/observed-flows",
          "audit POST /v1/erasures",
          "audit POST /v1/log/gap-acknowledgement",
          "audit POST /v1/log/offset-reset",
          "audit POST /v1/log/succession",
          "audit POST /v1/log/verifications",
          "audit POST /v1/operator/siem/{}/position",
          "backup POST /v1/prunings",
          "backup POST /v1/restore-tests/reports",
          "backup POST /v1/runs",
          "backup POST /v1/runs/bacula",
          "backup POST /v1/runs/borg",
          "backup POST /v1/runs/reports",
          "backup POST /v1/runs/restic",
          "incident POST /v1/alerts",
          "incident POST /v1/alerts/alertmanager",
          "incident POST /v1/alerts/cloudevents",
          "incident POST /v1/alerts/forms/{}",
          "incident POST /v1/alerts/wazuh",
          "incident POST /v1/attachments/{}/check",
          "incident POST /v1/attachments/{}/hand-over",
          "incident POST /v1/heartbeats/{}",
          "incident POST /v1/incidents/{}/attachments",
          "incident POST /v1/scans");

  /** Of each service, for its operators. */
  private static final List<String> FOR_OPERATORS =
      List.of(
          "POST /v1/operator/outbox/{}/unblocking",
          "POST /v1/operator/parked/{}/replay",
          "POST /v1/snapshots");

  @Test
  void eachOperationOfAServiceIsOfferedOnAPageOrSaidToBeForTheApi() {
    Set<String> offered = new TreeSet<>();
    for (Register register : REGISTERS.all()) {
      for (Action action : register.actions()) {
        String path = plain(action.at(register.item()));
        offered.add(service(register, action) + " " + action.method() + " " + path);
      }
      if (register.create() != null) {
        offered.add(register.service() + " POST " + register.path());
      }
      if (register.imports() != null) {
        offered.add(register.service() + " POST " + register.imports().path());
      }
    }
    // The steps of an incident are one path with the step's name in it
    assertTrue(offered.contains("incident POST /v1/incidents/{}/triage"));
    offered.add("incident POST /v1/incidents/{}/{}");
    Set<String> others = new TreeSet<>();
    Set<String> said = new TreeSet<>(ON_OTHER_PAGES);
    said.addAll(FOR_THE_API);
    for (String service : SERVICES) {
      FOR_OPERATORS.forEach(operation -> said.add(service + " " + operation));
      read(CONTRACTS.resolve("roles").resolve(service + "-service.json"))
          .properties()
          .forEach(each -> others.add(service + " " + plain(each.getKey())));
    }
    others.removeIf(each -> each.contains(" GET ") || offered.contains(each));
    assertEquals(said, others);
  }

  /** Taken on pages that are no register's: documents, rules, the log and receipts. */
  private static final Set<String> FILES_ON_OTHER_PAGES =
      Set.of(
          "asset GET /v1/documents/{}/versions/{}/content",
          "audit GET /v1/controls/report",
          "audit GET /v1/controls/statement-of-applicability/csv",
          "audit GET /v1/controls/statement-of-applicability/pdf",
          "audit GET /v1/log/entries/{}/tlog-proof",
          "audit GET /v1/log/evidence",
          "audit GET /v1/log/export",
          "audit GET /v1/log/export/csv",
          "audit GET /v1/receipts/{}");

  /** As {@link #FOR_THE_API}. */
  private static final Set<String> FILES_FOR_THE_API =
      Set.of(
          "access GET /v1/campaigns/{}/report",
          "asset GET /v1/assets/export",
          "audit GET /log/checkpoint",
          "audit GET /log/tile/entries/{}",
          "audit GET /log/tile/{}/{}",
          "audit GET /log/vkey",
          "incident GET /v1/incidents/{}/timeline/status-page");

  @Test
  void eachFileOfAServiceIsTakenFromAPageOrSaidToBeForTheApi() {
    Set<String> offered = new TreeSet<>();
    for (Register register : REGISTERS.all()) {
      Stream.of(
              register.files().stream().map(Register.File::path),
              Stream.ofNullable(register.export()),
              Stream.ofNullable(register.attached()).map(Register.Attached::path))
          .flatMap(paths -> paths)
          .forEach(path -> offered.add(register.service() + " GET " + plain(path)));
    }
    Set<String> others = new TreeSet<>();
    SERVICES.forEach(service -> given(service).forEach(others::add));
    assertTrue(others.containsAll(offered), offered::toString);
    others.removeAll(offered);
    Set<String> said = new TreeSet<>(FILES_ON_OTHER_PAGES);
    said.addAll(FILES_FOR_THE_API);
    assertEquals(said, others);
  }

  /** What a service's answer to is no JSON, by its sources. */
  private static Stream<String> given(String service) {
    return sources(service).values().stream()
        .flatMap(
            source -> {
              String[] parts = source.split("(?=@(?:GET|POST|PUT|DELETE)\\b)");
              String root = all(PATH, parts[0]).findFirst().orElse("");
              return Stream.of(parts)
                  .filter(part -> part.startsWith("@GET"))
                  .filter(part -> part.contains("@Produces(") || part.contains("\"binary\""))
                  .map(part -> root + all(PATH, part).findFirst().map("/"::concat).orElse(""))
                  .map(path -> service + " GET " + plain(path));
            });
  }

  @Test
  void whatIsShownIsInTheServicesAnswers() {
    for (Register register : REGISTERS.all()) {
      JsonNode example = example(register.service(), EXAMPLES.get(register.name()));
      Stream.of(register.title(), register.columns())
          .flatMap(List::stream)
          .forEach(
              path ->
                  assertFalse(
                      Registers.at(example, path).isMissingNode(), register.name() + " " + path));
      for (Action action : register.actions()) {
        action
            .when()
            .keySet()
            .forEach(
                path ->
                    assertFalse(
                        Registers.at(example, path).isMissingNode(),
                        register.name() + "/" + action.name() + " " + path));
        action.inputs().stream()
            .map(Input::from)
            .filter(Objects::nonNull)
            .forEach(
                from -> {
                  JsonNode row =
                      from.section() == null
                          ? example.path(from.field()).path(0)
                          : example(register.service(), SECTIONS.get(from.section()));
                  Stream.of(List.of(from.id()), from.title(), from.when().keySet())
                      .flatMap(Collection::stream)
                      .forEach(
                          path ->
                              assertFalse(
                                  Registers.at(row, path).isMissingNode(),
                                  register.name() + "/" + action.name() + " " + path));
                });
      }
      for (Section section : register.sections()) {
        String name =
            SECTIONS.containsKey(section.name())
                ? SECTIONS.get(section.name())
                : EXAMPLES.get(section.register());
        JsonNode item = example(section.service(), name);
        section
            .columns()
            .forEach(
                path ->
                    assertFalse(
                        Registers.at(item, path).isMissingNode(),
                        register.name() + "/" + section.name() + " " + path));
      }
    }
  }

  /** Where a list tells less of an object than its page. */
  private static final Map<String, String> LISTED =
      Map.of("coverage", "AssetCoverage", "restore-duties", "RestoreDuty");

  /** Whose names people or tools give. */
  private static final Set<String> OPEN = Set.of("labels", "attributes", "facts");

  @Test
  void aTableHasAllPlainFieldsThatAServiceLists() {
    for (Register register : REGISTERS.all()) {
      boolean isWritten = register.isListed() && register.export() == null;
      String listed = LISTED.getOrDefault(register.name(), EXAMPLES.get(register.name()));
      assertEquals(
          isWritten ? plainFields(register, "", example(register.service(), listed)) : List.of(),
          register.fields(),
          register.name());
    }
  }

  private static List<String> plainFields(Register register, String before, JsonNode object) {
    List<String> fields = new ArrayList<>();
    object
        .properties()
        .forEach(
            each -> {
              String path = before + each.getKey();
              if (each.getValue().isObject()) {
                if (!OPEN.contains(each.getKey())) {
                  fields.addAll(plainFields(register, path + ".", each.getValue()));
                }
              } else if (!each.getValue().path(0).isContainerNode()
                  && (!path.equals("version") || register.columns().contains(path))) {
                fields.add(path);
              }
            });
    return fields;
  }

  @Test
  void listsComeInPages() {
    for (Register register : REGISTERS.all()) {
      if (register.isListed()) {
        assertTrue(
            asked(register.service(), register.path()).containsAll(Set.of("limit", "after")),
            register.name());
      }
    }
  }

  @Test
  void whatIsTypedIsWhatTheServicesTake() {
    for (Register register : REGISTERS.all()) {
      register
          .acts()
          .forEach(
              action -> {
                String name = register.name() + "/" + action.name();
                List<Input> inside =
                    action.inputs().stream().filter(input -> !action.isInPath(input)).toList();
                if (inside.isEmpty() && action.keep().isEmpty()) {
                  assertFalse(BODIES.containsKey(name), name);
                  return;
                }
                assertTrue(BODIES.containsKey(name), name);
                JsonNode body = example(service(register, action), BODIES.get(name));
                Stream.of(
                        inside.stream().map(Input::name),
                        action.keep().stream().map(Values::lastName),
                        action.with().keySet().stream())
                    .flatMap(fields -> fields)
                    .forEach(field -> assertTrue(has(body, field), name + " " + field));
              });
    }
  }

  /** Whether a field, or one inside of another, is there; of a list what its first one has. */
  private static boolean has(JsonNode body, String field) {
    return !body.at("/" + field.replaceAll("\\.\\d+\\b", ".0").replace('.', '/')).isMissingNode();
  }

  /** What a service is not told again it takes for something that is not there any more. */
  @Test
  void whatIsChangedInPlaceKeepsAllThatNobodyTyped() {
    int found = 0;
    for (Register register : REGISTERS.all()) {
      for (Action action : register.actions()) {
        if (!action.keep().isEmpty()) {
          String name = register.name() + "/" + action.name();
          Set<String> said =
              Stream.concat(
                      action.keep().stream().map(Values::lastName),
                      action.inputs().stream().map(input -> input.name().replaceAll("\\..*", "")))
                  .collect(Collectors.toCollection(TreeSet::new));
          if (name.equals("assets/take-from-client")) {
            assertTrue(said.add("client"), name);
          }
          Set<String> taken = new TreeSet<>();
          example(register.service(), BODIES.get(name)).fieldNames().forEachRemaining(taken::add);
          assertEquals(taken, said, name);
          JsonNode object = example(register.service(), EXAMPLES.get(register.name()));
          action
              .keep()
              .forEach(
                  path -> assertFalse(Registers.at(object, path).isMissingNode(), name + path));
          assertEquals("PUT", action.method(), name);
          assertFalse(action.unversioned(), name);
          found++;
        }
      }
    }
    assertTrue(found > 4);
  }

  @Test
  void whatIsAskedOftenIsAskedWithTheFiltersThatThereAre() {
    for (Register register : REGISTERS.all()) {
      Set<String> filters =
          register.filters().stream().map(Input::name).collect(Collectors.toSet());
      Stream.concat(
              register.views().values().stream(),
              // What a section leads to, the register must be able to show.
              REGISTERS.all().stream()
                  .flatMap(each -> each.sections().stream())
                  .filter(each -> register.name().equals(each.register()))
                  .filter(each -> each.path().startsWith(register.path() + "?"))
                  .map(each -> each.path().replaceAll(".*\\?", "")))
          .flatMap(query -> Stream.of(query.split("&")))
          .map(part -> part.replaceAll("=.*", ""))
          .forEach(name -> assertTrue(filters.contains(name), register.name() + " " + name));
    }
  }

  private static final Pattern PATH = Pattern.compile("@Path\\(\"([^\"]*)\"\\)");
  private static final Pattern ASKED = Pattern.compile("@QueryParam\\(\"(\\w+)\"\\)");
  private static final Pattern BEAN = Pattern.compile("@BeanParam (?:\\w+\\.)*(\\w+) ");

  /** What a list is asked with, by the sources of its service. */
  private static Set<String> asked(String service, String path) {
    Map<String, String> sources = sources(service);
    return sources.values().stream()
        .flatMap(source -> lists(source, path))
        .flatMap(
            list ->
                Stream.concat(
                    Stream.of(list),
                    all(BEAN, list).map(bean -> sources.getOrDefault(bean + ".java", ""))))
        .flatMap(text -> all(ASKED, text))
        .collect(Collectors.toSet());
  }

  private static final Map<String, Map<String, String>> SOURCES = new HashMap<>();

  /** What a service and the kernel are written in, by the names of the files. */
  private static Map<String, String> sources(String service) {
    return SOURCES.computeIfAbsent(service, RegisterDataTest::readSources);
  }

  private static Map<String, String> readSources(String service) {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of(service + "-service", "kernel")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main"))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
          sources.merge(file.getFileName().toString(), Files.readString(file), String::concat);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sources;
  }

  /** What answers to this path alone: from where it says that it reads to the next that answers. */
  private static Stream<String> lists(String source, String path) {
    String[] parts = source.split("(?=@(?:GET|POST|PUT|DELETE)\\b)");
    String root = all(PATH, parts[0]).findFirst().orElse("");
    return Stream.of(parts)
        .filter(part -> part.startsWith("@GET"))
        .filter(
            part -> path.equals(root + all(PATH, part).findFirst().map("/"::concat).orElse("")));
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1));
  }

  @Test
  void whatClientsEntrustIsOfTheCategoriesThatThePolicyHas() {
    List<String> categories =
        read(CONTRACTS.resolve("policy").resolve("client-data-categories.json"))
            .path("categories")
            .valueStream()
            .map(each -> each.path("id").asText())
            .toList();
    assertFalse(categories.isEmpty());
    REGISTERS.named("clients").create().inputs().stream()
        .filter(input -> input.name().endsWith(".category"))
        .forEach(input -> assertEquals(categories, input.options(), input.name()));
  }

  /** A service that asks for the version that somebody saw refuses what comes without (428). */
  @Test
  void whatIsDoneToAnyVersionIsWhatTheServicesAskNoVersionOf() {
    for (Register register : REGISTERS.all()) {
      for (Action action : register.actions()) {
        if (action.unversioned()) {
          String path = plain(action.at(register.item()));
          List<String> served =
              sources(service(register, action)).values().stream()
                  .flatMap(source -> serving(source, action.method(), path))
                  .toList();
          assertFalse(served.isEmpty(), path);
          served.forEach(
              text ->
                  assertFalse(
                      text.contains("IF_MATCH"), register.name() + "/" + action.name() + path));
        }
      }
    }
  }

  private static Stream<String> serving(String source, String method, String path) {
    String[] parts = source.split("(?=@(?:GET|POST|PUT|DELETE)\\b)");
    String root = all(PATH, parts[0]).findFirst().orElse("");
    return Stream.of(parts)
        .filter(part -> part.startsWith("@" + method))
        .filter(
            part ->
                path.equals(plain(root + all(PATH, part).findFirst().map("/"::concat).orElse(""))));
  }

  /** A filter that a service does not know it leaves out: the list would have all. */
  @Test
  void filtersAreWhatTheServicesAreAskedWith() {
    for (Register register : REGISTERS.all()) {
      Set<String> filters =
          register.filters().stream()
              .map(Input::name)
              .collect(Collectors.toCollection(TreeSet::new));
      filters.removeAll(asked(register.service(), register.path()));
      assertEquals(Set.of(), filters, register.name());
    }
  }

  private static final Pattern TYPED =
      Pattern.compile("@QueryParam\\(\"(\\w+)\"\\)\\s+(?:List<)?([\\w.]+)>?\\s+\\w+");

  /** What is not offered nobody finds, and nobody says. */
  @Test
  void whateverAServiceEnumeratesCanBeChosenInFull() {
    int filters = 0;
    int inputs = 0;
    for (Register register : REGISTERS.all()) {
      if (register.isListed()) {
        Map<String, Set<String>> offered =
            register.filters().stream()
                .collect(Collectors.toMap(Input::name, filter -> new TreeSet<>(filter.options())));
        Map<String, Set<String>> asked = askedFor(register.service(), register.path());
        asked.forEach((name, all) -> assertEquals(all, offered.get(name), register.name() + name));
        filters += asked.size();
      }
      for (Action action : register.acts().toList()) {
        String name = register.name() + "/" + action.name();
        for (Input input : action.inputs()) {
          Set<String> all =
              action.isInPath(input)
                  ? Set.of()
                  : taken(service(register, action), BODIES.get(name), input.name());
          if (!all.isEmpty()) {
            assertEquals(all, new TreeSet<>(input.options()), name + " " + input.name());
            inputs++;
          }
        }
      }
    }
    assertTrue(filters > 70 && inputs > 50, filters + " and " + inputs);
  }

  /** What a list is asked with that its service enumerates, with all that it may be. */
  private static Map<String, Set<String>> askedFor(String service, String path) {
    Map<String, String> sources = sources(service);
    Map<String, Set<String>> asked = new TreeMap<>();
    for (String source : sources.values()) {
      lists(source, path)
          .flatMap(
              list ->
                  Stream.concat(
                      Stream.of(new Place(source, list)),
                      all(BEAN, list)
                          .map(bean -> sources.getOrDefault(bean + ".java", ""))
                          .map(bean -> new Place(bean, bean))))
          .forEach(
              place ->
                  TYPED
                      .matcher(place.rest())
                      .results()
                      .forEach(
                          each -> {
                            Set<String> all = constants(sources, place.source(), each.group(2));
                            if (!all.isEmpty()) {
                              asked.put(each.group(1), all);
                            }
                          }));
    }
    return asked;
  }

  /** All that a field of a body may be, by its record; empty where its service enumerates none. */
  private static Set<String> taken(String service, String body, String field) {
    Map<String, String> sources = sources(service);
    List<String> naming =
        sources.values().stream().filter(source -> source.contains(body)).toList();
    Place place =
        Stream.of("@Schema\\(name = \"%s\"[^;{]*?\\brecord \\w+\\(", "\\brecord %s\\(")
            .map(record -> place(record.formatted(body), naming.stream()))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    String type = body;
    for (String name : field.replaceAll("\\.\\d+\\b", "").split("\\.")) {
      if (!type.equals(body)) {
        place =
            place(
                "\\brecord " + Values.lastName(type) + "\\(", near(sources, place.source(), type));
      }
      if (place == null) {
        return Set.of();
      }
      Matcher component =
          Pattern.compile("([\\w.]+)>?\\s+" + name + "\\s*(?:,|\\)\\s*(?:implements\\b|\\{))")
              .matcher(place.rest());
      if (!component.find()) {
        return Set.of();
      }
      type = component.group(1);
    }
    return constants(sources, place.source(), type);
  }

  /** What a type enumerates, as JSON has it; empty where it is no enumeration. */
  private static Set<String> constants(Map<String, String> sources, String own, String type) {
    Place place =
        place("\\benum " + Values.lastName(type) + "\\b[^{]*\\{", near(sources, own, type));
    String bare =
        place == null
            ? ""
            : place
                .rest()
                .replaceAll("@JsonProperty\\(\"([^\"]*)\"\\)\\s+\\w+", "$1")
                .replaceAll("\"(?:[^\"\\\\\\n]++|\\\\.)*+\"", "");
    for (String before = null; !bare.equals(before); ) {
      before = bare;
      bare = bare.replaceAll("\\([^()]*\\)|\\{[^{}]*}", "");
    }
    return Stream.of(bare.replaceAll("(?s)[;}].*", "").split(","))
        .map(String::strip)
        .filter(constant -> !constant.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A source, and the rest of it that is looked at. */
  private record Place(String source, String rest) {}

  /** The first that has this, and how it goes on without comments; null where none has. */
  private static Place place(String pattern, Stream<String> sources) {
    Pattern wanted = Pattern.compile(pattern);
    return sources
        .flatMap(
            source ->
                wanted
                    .matcher(source)
                    .results()
                    .limit(1)
                    .map(found -> new Place(source, uncommented(source.substring(found.end())))))
        .findFirst()
        .orElse(null);
  }

  private static String uncommented(String source) {
    return source.replaceAll("(?s)/\\*.*?\\*/", " ").replaceAll("(?m)//.*$", "");
  }

  /** Where a type is that another source names: in that one, in its package, or imported. */
  private static Stream<String> near(Map<String, String> sources, String own, String type) {
    String name = type.replaceAll("\\..*", "");
    Stream<String> files =
        Stream.of(sources.getOrDefault(name + ".java", "").split("(?m)(?=^package )"))
            .filter(
                file -> {
                  String home = file.replaceAll("(?s);.*", "");
                  return own.contains(home + ";")
                      || own.contains(home.replace("package ", "import ") + "." + name + ";");
                });
    return type.contains(".") ? files : Stream.concat(Stream.of(own), files);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    assertFalse(names.isEmpty());
    return names;
  }

  private static void assertOffered(List<String> all, String register, String input) {
    Register of = REGISTERS.named(register);
    List<Input> offered =
        Stream.concat(of.filters().stream(), of.acts().flatMap(act -> act.inputs().stream()))
            .filter(each -> each.name().equals(input) && each.type().equals("choice"))
            .toList();
    assertFalse(offered.isEmpty(), register);
    offered.forEach(each -> assertEquals(all, each.options(), register + " " + input));
  }

  @Test
  void whatThePolicyEnumeratesCanBeChosenInFull() throws IOException {
    Path policy = CONTRACTS.resolve("policy");
    List<String> kinds = names(read(policy.resolve("asset-kinds.json")).path("kinds"));
    assertOffered(kinds, "assets", "kind");
    assertOffered(names(read(policy.resolve("network.json")).path("purposes")), "zones", "purpose");

    JsonNode rules = read(policy.resolve("posture.json")).path("rules");
    assertOffered(names(rules), "postures", "rule");
    assertOffered(names(rules), "posture-exemptions", "rule");
    Set<String> judged = new TreeSet<>();
    rules.forEach(rule -> rule.path("kinds").forEach(kind -> judged.add(kind.asText())));
    assertOffered(kinds.stream().filter(judged::contains).toList(), "postures", "kind");
    Properties english = words("");
    Properties french = words("_fr");
    rules
        .properties()
        .forEach(
            rule -> {
              JsonNode title = rule.getValue().path("title");
              String key = "value.rule." + rule.getKey();
              assertEquals(title.path("en").asText(), english.getProperty(key));
              assertEquals(title.path("fr").asText(), french.getProperty(key));
            });
  }

  /** By what is shown, so that people see the order. */
  @Test
  void eachListIsSortedByFieldsThatItShows() {
    for (Register register : REGISTERS.all()) {
      assertEquals(register.isListed(), !register.sorts().isEmpty(), register.name());
      Set<String> sorts = new TreeSet<>(register.sorts());
      register.columns().forEach(sorts::remove);
      register.title().stream()
          .flatMap(title -> Stream.of(title, Values.inLanguage(title, Locale.FRENCH)))
          .forEach(sorts::remove);
      assertEquals(Set.of(), sorts, register.name());
    }
  }

  /** Where mails lead, and labels of assets. */
  @Test
  void eachAddressInAMailHasItsPage() throws IOException {
    Set<String> addresses = new TreeSet<>(Set.of("/assets/{asset}"));
    Pattern link = Pattern.compile("\\{console}(/[^\\s\\\\\"]+)");
    try (Stream<Path> files = Files.list(CONTRACTS.resolve("notices"))) {
      for (Path file : files.filter(each -> !each.toString().contains("schema")).toList()) {
        link.matcher(Files.readString(file)).results().forEach(at -> addresses.add(at.group(1)));
      }
    }
    assertTrue(addresses.size() > 5, addresses::toString);
    for (String address : addresses) {
      String[] parts = address.replaceAll("\\?.*", "").split("/");
      Register register = REGISTERS.named(parts[1]);
      assertTrue(register != null, address);
      assertTrue(parts.length == 2 || register.item() != null, address);
      if (address.contains("?")) {
        String filter = address.replaceAll(".*\\?", "").replaceAll("=.*", "");
        assertTrue(
            register.filters().stream().anyMatch(each -> each.name().equals(filter)), address);
      }
    }
  }

  private static Properties words(String suffix) throws IOException {
    Properties words = new Properties();
    try (InputStream file =
        RegisterDataTest.class.getResourceAsStream("/words/registers" + suffix + ".properties")) {
      words.load(new java.io.InputStreamReader(file, UTF_8));
    }
    return words;
  }

  @Test
  void whatPeopleReadIsWrittenInBothLanguages() throws IOException {
    Properties english = words("");
    Properties french = words("_fr");
    assertEquals(english.keySet(), french.keySet());

    List<String> missing = new ArrayList<>();
    BiConsumer<String, String> require =
        (kind, name) -> {
          if (!english.containsKey(kind + "." + name)) {
            missing.add(kind + "." + name);
          }
        };
    for (Register register : REGISTERS.all()) {
      require.accept("register", register.name());
      require.accept("object", register.name());
      require.accept("group", register.group());
      register.views().keySet().forEach(view -> require.accept("view", view));
      register.sections().forEach(section -> require.accept("section", section.name()));
      register.files().forEach(file -> require.accept("link", file.name()));
      register.acts().forEach(action -> require.accept("action", action.name()));
      Stream.concat(
              register.filters().stream(),
              register.acts().flatMap(action -> action.inputs().stream()))
          .forEach(
              input -> {
                String last = Values.lastName(input.name());
                require.accept(
                    "field", english.containsKey("field." + input.name()) ? input.name() : last);
                if (input.name().equals(Register.SORT)) {
                  register.sorts().forEach(sort -> require.accept("field", Values.lastName(sort)));
                } else if (!input.type().equals("level")) {
                  input.options().forEach(option -> require.accept("value." + last, option));
                }
              });
      fields(example(register.service(), EXAMPLES.get(register.name())))
          .forEach(field -> require.accept("field", field));
    }
    assertEquals(List.of(), missing.stream().distinct().sorted().toList());
  }

  /** All names in it, but for those that people or tools gave. */
  private static Set<String> fields(JsonNode object) {
    Set<String> names = new TreeSet<>();
    Map<String, JsonNode> inside = new HashMap<>();
    object
        .properties()
        .forEach(
            each -> {
              names.add(each.getKey());
              if (!Set.of("labels", "attributes").contains(each.getKey())) {
                inside.put(each.getKey(), each.getValue());
              }
            });
    inside
        .values()
        .forEach(
            value -> {
              if (value.isArray()) {
                value.forEach(each -> names.addAll(fields(each)));
              } else {
                names.addAll(fields(value));
              }
            });
    return names;
  }
}

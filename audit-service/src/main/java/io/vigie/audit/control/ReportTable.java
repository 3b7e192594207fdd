package io.vigie.audit.control;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.vigie.audit.control.ControlResource.ControlView;
import io.vigie.audit.control.Evidence.Receipt;
import io.vigie.audit.control.PolicyReport.Attested;
import io.vigie.audit.control.PolicyReport.Due;
import io.vigie.audit.control.PolicyReport.Excepted;
import io.vigie.audit.control.PolicyReport.Line;
import io.vigie.audit.control.PolicyReport.Signed;
import io.vigie.audit.control.PolicyReport.View;
import io.vigie.kernel.web.Csv;

/** The report for a spreadsheet: what each row is, and the entry of the log that it stands on. */
final class ReportTable {

  static final String COLUMNS =
      "what,section,rule,title,owners,decided,state,since,until,inScope,failing,excepted,current,"
          + "evidence,evidenceIndex,evidenceLeafHash,id,object,by,reason,index,leafHash,treeSize,rootHash";

  private static final List<String> NAMES = Arrays.asList(COLUMNS.split(","));

  private final Signed signed;
  private final Language language;
  private final StringBuilder rows = new StringBuilder(COLUMNS).append("\r\n");

  private ReportTable(Signed signed, Language language) {
    this.signed = signed;
    this.language = language;
  }

  /**
   * A row for each rule, and behind it for its exceptions, its open re-evaluation and the
   * attestation that counts; the last one says so where exceptions are left out.
   */
  static String of(View report, Language language) {
    ReportTable table = new ReportTable(report.signed(), language);
    report.lines().forEach(table::add);
    if (!report.isWhole()) {
      table.add(Map.of("what", "INCOMPLETE"));
    }
    return table.rows.toString();
  }

  private void add(Line line) {
    ControlView control = line.control();
    Map<String, Object> rule = row("RULE", control, line.turn());
    rule.put("title", language.of(control.title()));
    rule.put("owners", String.join(" ", control.owners()));
    rule.put("decided", control.decided());
    rule.put("state", control.state());
    rule.put("since", control.since());
    rule.put("inScope", control.inScope());
    rule.put("failing", control.failing());
    rule.put("excepted", control.excepted());
    rule.put("current", control.current());
    rule.put("evidence", line.evidence().count());
    put(rule, "evidenceIndex", "evidenceLeafHash", line.evidence().last());
    add(rule);
    line.exceptions().forEach(exception -> add(control, exception));
    if (line.due() != null) {
      add(control, line.due());
    }
    if (line.attested() != null) {
      add(control, line.attested());
    }
  }

  private void add(ControlView control, Attested attested) {
    Map<String, Object> row = row("ATTESTATION", control, attested.receipt());
    row.put("since", attested.at());
    row.put("until", attested.until());
    row.put("id", attested.id());
    row.put("by", attested.by());
    add(row);
  }

  private void add(ControlView control, Excepted exception) {
    Map<String, Object> row = row("EXCEPTION", control, exception.receipt());
    row.put("until", exception.endsAt());
    row.put("id", exception.id());
    row.put("object", exception.object());
    row.put("by", exception.decidedBy());
    row.put("reason", exception.reason());
    add(row);
  }

  private void add(ControlView control, Due due) {
    Map<String, Object> row = row("RE_EVALUATION", control, due.receipt());
    row.put("state", due.overdue() ? "OVERDUE" : "OPEN");
    row.put("until", due.dueAt());
    row.put("id", due.id());
    add(row);
  }

  private Map<String, Object> row(String what, ControlView control, Receipt receipt) {
    Map<String, Object> row = new HashMap<>();
    row.put("what", what);
    row.put("section", control.section());
    row.put("rule", control.rule());
    put(row, "index", "leafHash", receipt);
    if (signed != null) {
      row.put("treeSize", signed.size());
      row.put("rootHash", signed.root());
    }
    return row;
  }

  private static void put(Map<String, Object> row, String index, String hash, Receipt receipt) {
    if (receipt != null) {
      row.put(index, receipt.index());
      row.put(hash, receipt.hex());
    }
  }

  private void add(Map<String, Object> row) {
    rows.append(Csv.row(NAMES.stream().map(row::get).toList()));
  }
}

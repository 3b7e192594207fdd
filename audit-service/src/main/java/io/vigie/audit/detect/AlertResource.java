package io.vigie.audit.detect;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;

/** The alerts, and the rules that raise them. */
@Path("/v1")
@RolesAllowed({AUDITOR, CISO, SYSADMIN, RESPONDER})
public class AlertResource {

  /**
   * @param group whom or what the rule counted; null where it tells none apart
   * @param entries log indexes of what it counted, at most the newest 100
   * @param overAt when what the log's own watch found ended; null while it lasts, and for a rule
   *     over entries
   */
  record AlertView(
      UUID id,
      String rule,
      String severity,
      String title,
      String group,
      long count,
      Instant first,
      Instant last,
      List<Long> entries,
      String detail,
      Instant raisedAt,
      Instant overAt) {}

  /**
   * @param technique MITRE ATT&amp;CK technique; null where none fits
   * @param definition the rule's file, whole
   */
  record DetectionView(
      String id,
      Rule.Text title,
      Rule.Text explanation,
      String severity,
      String technique,
      @Schema(type = SchemaType.OBJECT, implementation = Object.class) JsonNode definition) {}

  private static final TypeReference<List<Long>> INDEXES = new TypeReference<>() {};

  private final Pool database;
  private final Rules rules;
  private final ObjectMapper json;

  AlertResource(Pool database, Rules rules, ObjectMapper json) {
    this.database = database;
    this.rules = rules;
    this.json = json;
  }

  /**
   * Alerts, in the order in which they were raised.
   *
   * @param rule of this rule
   * @param from raised at this time or later
   * @param to raised before this time
   */
  @GET
  @Path("alerts")
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<AlertView>>> alerts(
      @QueryParam("rule") @Size(max = 100) String rule,
      @QueryParam("from") Instant from,
      @QueryParam("to") Instant to,
      @Valid @BeanParam Paging paging) {
    return database
        .preparedQuery(
            """
            select * from raised
            where ($1::text is null or rule = $1) and ($2::timestamptz is null or raised_at >= $2)
              and ($3::timestamptz is null or raised_at < $3) and ($4::uuid is null or id > $4)
            order by id limit $5""")
        .execute(Tuple.of(rule, utc(from), utc(to), paging.after(), paging.probe()))
        .map(
            rows -> {
              List<AlertView> views = new ArrayList<>();
              rows.forEach(row -> views.add(view(row)));
              return paging.page(views, AlertView::id, view -> view);
            });
  }

  /** The rules in force, each with its explanation and as it is written. */
  @GET
  @Path("detections")
  public List<DetectionView> detections() {
    return rules.files().entrySet().stream()
        .map(
            file ->
                new DetectionView(
                    file.getKey().id(),
                    file.getKey().title(),
                    file.getKey().explanation(),
                    file.getKey().severity(),
                    file.getKey().technique(),
                    file.getValue()))
        .toList();
  }

  private AlertView view(Row row) {
    String group = row.getString("grp");
    return new AlertView(
        row.getUUID("id"),
        row.getString("rule"),
        row.getString("severity"),
        row.getString("title"),
        group.isEmpty() ? null : group,
        row.getLong("count"),
        row.getOffsetDateTime("first_at").toInstant(),
        row.getOffsetDateTime("last_at").toInstant(),
        indexes(row.getString("entries")),
        row.getString("detail"),
        row.getOffsetDateTime("raised_at").toInstant(),
        row.getOffsetDateTime("over_at") == null
            ? null
            : row.getOffsetDateTime("over_at").toInstant());
  }

  private List<Long> indexes(String entries) {
    try {
      return json.readValue(entries, INDEXES);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an alert's entries are not what was stored", e);
    }
  }

  private static OffsetDateTime utc(Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }
}

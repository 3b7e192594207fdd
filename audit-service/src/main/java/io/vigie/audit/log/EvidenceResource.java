package io.vigie.audit.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.log.LogReader.Signed;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.audit.log.Search.Span;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.room.Rooms;
import io.vigie.audit.search.Findable;
import io.vigie.audit.tlog.TileReader;
import io.vigie.kernel.PresentRequest;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/** What the log holds about a client or about some objects, to hand over, and nothing else. */
@Path("/v1/log/evidence")
@RolesAllowed({AUDITOR, THIRD_PARTY_AUDITOR, CISO})
public class EvidenceResource {

  private static final int MOST_ENTRIES = 100_000;

  /**
   * $1 the objects asked for, $2 the clients among them, $3 the size of the tree, $5 an audit or
   * null, $6 which kind of object belongs to which. What belongs to others is what refers to a
   * client that was not asked for. What is let in for its object alone, without a word of what was
   * asked for, is withheld as soon as anything of that object refers to what belongs to others;
   * without a client to tell others from, nothing is let in so.
   *
   * <p>Others are looked for from what was found, and not the other way round, so that the log may
   * hold any number of them. Behind "offset 0" rows are looked up one by one. What entries refer to
   * has no index that leads from the entry to it: "+ 0" has the table read once for all of them.
   */
  static final String CHOSEN =
      """
      with %s,
        own as (
          select unnest($1::text[]) as object
          union
          select unnest(objects) from evidence_request where audit = $5::uuid
          union
          select e.subject from reference r join entry e using (index)
          where r.object = any($2::text[])
            and not exists (select from restricted where restricted.subject = e.subject)),
        belonging as (
          select distinct e.subject as object
          from own join reference r on r.object = own.object join entry e using (index)
          where cardinality($2::text[]) > 0
            and split_part(e.subject, '/', 1) || ' ' || split_part(own.object, '/', 1) = any($6::text[])
            and not exists (select from closed where closed.subject = e.subject)),
        theirs as (
          select belonging.object, e.index from belonging join entry e on e.subject = belonging.object),
        found as (
          select index, bool_or(is_named) as is_named from (
            select e.index, true as is_named from own join entry e on e.subject = own.object
            union all
            select r.index, true from own join reference r on r.object = own.object
            union all
            select unnest(entries), true from evidence_request where audit = $5::uuid
            union all
            select theirs.index, false from theirs) each_way
          group by index),
        about as (
          select about.index, about.is_named from found about
          where about.index < $3%s order by about.index limit $4),
        looked as (
          select about.index from about where cardinality($2::text[]) > 0
          union
          select theirs.index from theirs),
        touched as (
          select looked.index, e.subject as object
          from looked cross join lateral (select subject from entry where entry.index = looked.index offset 0) e
          union all
          select looked.index, r.object from looked join reference r on r.index + 0 = looked.index),
        referring as (
          select belonging.object, e.subject
          from belonging join reference r on r.object = belonging.object join entry e using (index)),
        foreign_object as (
          select near.object from (
            select touched.object from touched
            union
            select referring.subject from referring) near
          where near.object >= 'client/' and near.object < 'client0' and near.object <> all($2::text[])
            or exists (
              select from entry e join reference r using (index)
              where e.subject = near.object and r.object >= 'client/' and r.object < 'client0'
                and r.object <> all($2::text[]) offset 0)),
        shared as (
          select theirs.object from theirs
            join touched on touched.index = theirs.index
            join foreign_object on foreign_object.object = touched.object
          union
          select referring.object from referring
            join foreign_object on foreign_object.object = referring.subject),
        withheld as (
          select touched.index from touched
            join foreign_object on foreign_object.object = touched.object
          union
          select theirs.index from theirs
            join shared on shared.object = theirs.object
            join about on about.index = theirs.index
          where not about.is_named)
      select about.index, withheld.index is not null as is_withheld
      from about left join withheld on withheld.index = about.index
      order by about.index""";

  /** Of it, what is within the caller's reach. */
  private static final String REACHED =
      " and exists (select from entry e where e.index = about.index and %s)";

  /** Of it, what an audit covers, and what became of the audit itself. */
  private static final String COVERED =
      REACHED.formatted("(%s or e.subject = 'control-audit/' || $5::uuid::text)");

  static final String[] BELONGING =
      Findable.belonging().entrySet().stream()
          .flatMap(to -> to.getValue().stream().map(kind -> kind + " " + to.getKey()))
          .toArray(String[]::new);

  /** An entry about what was asked for. */
  private record Chosen(long index, boolean isWithheld) {}

  private final LogReader reader;
  private final TileReader tiles;
  private final Rooms rooms;
  private final PresentRequest request;
  private final Readings readings;
  private final ObjectMapper json;
  private final Checkpoints checkpoints;

  EvidenceResource(
      LogReader reader,
      TileReader tiles,
      Rooms rooms,
      PresentRequest request,
      Readings readings,
      ObjectMapper json,
      Checkpoints checkpoints) {
    this.reader = reader;
    this.tiles = tiles;
    this.rooms = rooms;
    this.request = request;
    this.readings = readings;
    this.json = json;
    this.checkpoints = checkpoints;
  }

  /**
   * A ZIP archive of the entries about a client, or about objects, each with its payload and with
   * the proof that it stands in the log as the newest checkpoint signs it: format {@code
   * vigie-evidence/1}. Where a client is asked for, what belongs to it or to its assets, as an
   * incident, a right or a backup plan does, is there with all that became of it; of a restricted
   * incident and of what refers to it, what names them alone. An entry that is about another client
   * as well is withheld then, and counted; so is one that only belongs there, where what it is part
   * of is about another client as well. An auditor from outside has those entries that the audits
   * cover that are open to them. Of an audit it is what the answers to its requests for evidence
   * name, as far as the audit covers that, and the audit's own events: for its auditor while it is
   * open, and for the CISO. 409 while nothing is signed, and beyond {@value #MOST_ENTRIES} entries.
   * That it was taken goes into the log first.
   *
   * @param client the client: every event about what refers to it
   * @param audit the audit; whatever else is asked for is held to what it covers
   * @param objects objects, as {@code <kind>/<id>}: their events and those that refer to them; up
   *     to 100
   */
  @GET
  @Produces("application/zip")
  @APIResponse(
      responseCode = "200",
      description = "The archive",
      content =
          @Content(
              mediaType = "application/zip",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Multi<Buffer> evidence(
      @QueryParam("client") UUID client,
      @QueryParam("audit") UUID audit,
      @QueryParam("object") @Size(max = 100)
          List<
                  @Pattern(
                      regexp = "[a-z][a-z-]{0,49}/[0-9a-f-]{36}",
                      message = "is an object, as <kind>/<id>")
                  String>
              objects) {
    List<String> asked = new ArrayList<>(objects);
    if (client != null) {
      asked.add("client/" + client);
    }
    if (audit != null) {
      asked.add("control-audit/" + audit);
    }
    if (asked.isEmpty()) {
      throw Problem.badRequest("Name a client, an audit, or at least one object.");
    }
    request.hold();
    return reader
        .newestCheckpoint()
        .chain(
            signed -> {
              if (signed == null) {
                throw Problem.conflict("nothing-signed", "The log has signed no checkpoint yet.");
              }
              return chosen(asked, audit, signed)
                  .call(chosen -> record(asked, signed, chosen))
                  .map(chosen -> archive(asked, signed, chosen));
            })
        .onItem()
        .transformToMulti(archive -> archive);
  }

  private Uni<List<Chosen>> chosen(List<String> asked, UUID audit, Signed signed) {
    String[] clients =
        asked.stream().filter(object -> object.startsWith("client/")).toArray(String[]::new);
    List<Object> values = new ArrayList<>();
    values.add(asked.toArray(String[]::new));
    values.add(clients);
    values.add(signed.size());
    values.add(MOST_ENTRIES + 1);
    values.add(audit);
    values.add(BELONGING);
    return within(audit, values)
        .chain(
            within ->
                reader.rows(
                    CHOSEN.formatted(Rooms.CLOSED, within),
                    values,
                    row -> new Chosen(row.getLong(0), row.getBoolean(1))))
        .invoke(
            chosen -> {
              if (chosen.size() > MOST_ENTRIES) {
                throw Problem.conflict(
                    "too-many-entries", "These are more than " + MOST_ENTRIES + " entries.");
              }
            });
  }

  private Uni<String> within(UUID audit, List<Object> values) {
    return audit == null
        ? rooms
            .reach()
            .map(reach -> reach.isWhole() ? "" : REACHED.formatted(reach.sql("e", values)))
        : rooms.scope(audit).map(scope -> COVERED.formatted(scope.sql("e", values)));
  }

  private Uni<Void> record(List<String> asked, Signed signed, List<Chosen> chosen) {
    long count = chosen.stream().filter(each -> !each.isWithheld).count();
    return readings.recordExport(
        new Span(0, signed.size()), "evidence about " + String.join(" ", asked), count);
  }

  private Multi<Buffer> archive(List<String> asked, Signed signed, List<Chosen> chosen) {
    List<Chosen> shown = chosen.stream().filter(each -> !each.isWithheld).toList();
    ObjectNode manifest = json.createObjectNode();
    manifest.put("format", "vigie-evidence/1");
    manifest.put("origin", checkpoints.origin());
    manifest.put("about", String.join(" ", asked));
    manifest.put("size", Long.toString(signed.size()));
    manifest.put("count", Integer.toString(shown.size()));
    manifest.put("withheld", Integer.toString(chosen.size() - shown.size()));
    Archive archive = new Archive();
    return Multi.createBy()
        .concatenating()
        .streams(
            Multi.createFrom()
                .item(
                    () ->
                        archive
                            .file("manifest.json")
                            .write(manifest.toString())
                            .file("checkpoint")
                            .write(signed.note())
                            .file("entries.ndjson")
                            .written()),
            Multi.createFrom()
                .iterable(shown)
                .onItem()
                .transformToUniAndConcatenate(each -> line(each.index, signed.size()))
                .map(line -> archive.write(line).written()),
            Multi.createFrom().item(archive::end))
        .filter(part -> part.length() > 0);
  }

  private Uni<String> line(long index, long size) {
    return reader
        .whole(index)
        .chain(
            rows ->
                tiles
                    .hashes(List.of(MerkleTree.inclusion(index, size)))
                    .map(proofs -> line(rows.get(0), proofs.get(0))));
  }

  private String line(Stored row, List<byte[]> proof) {
    ObjectNode line = json.createObjectNode();
    line.put("index", Long.toString(row.index()));
    line.put("entry", new String(row.canonical(), StandardCharsets.UTF_8));
    line.put("salt", base64(row.salt()));
    line.put("payload", base64(row.body()));
    line.put(
        "proof", proof.stream().map(EvidenceResource::base64).collect(Collectors.joining(" ")));
    return line + "\n";
  }

  private static String base64(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }
}

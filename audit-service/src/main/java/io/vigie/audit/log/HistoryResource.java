package io.vigie.audit.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.log.LogReader.Stored;
import io.vigie.audit.log.Search.Span;
import io.vigie.audit.room.Rooms;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.History;
import io.vigie.kernel.web.Read;
import org.jboss.resteasy.reactive.RestResponse;

import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.THIRD_PARTY_AUDITOR;

/** What happened to one object, whichever services took part. */
@Path("/v1/objects/{kind}/{id}")
public class HistoryResource {

  private static final String KIND = "[a-z][a-z-]{0,49}";

  private final LogReader reader;
  private final HistoryReaders readers;
  private final Rooms rooms;
  private final ObjectMapper json;

  HistoryResource(LogReader reader, HistoryReaders readers, Rooms rooms, ObjectMapper json) {
    this.reader = reader;
    this.readers = readers;
    this.rooms = rooms;
    this.json = json;
  }

  /**
   * The object's events, oldest first; none for an object that the log does not know. Open to ciso
   * and auditor, to whom the service that owns this kind of object lets read it, and to an auditor
   * from outside as far as the audits reach that are open to them. A page is shorter than asked for
   * where it would be larger than about 8 MiB.
   */
  @GET
  @Path("history")
  @RolesAllowed({
    ASSET_MANAGER,
    ACCESS_MANAGER,
    RESPONDER,
    SYSADMIN,
    CISO,
    AUDITOR,
    THIRD_PARTY_AUDITOR
  })
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<History.Entry>>> history(
      @PathParam("kind") @Pattern(regexp = KIND, message = "is a kind of object") String kind,
      @PathParam("id") UUID id,
      @Valid @BeanParam LogPaging paging) {
    readers.require(kind);
    String object = kind + "/" + id;
    return page(new Search().with("subject", object), object, paging);
  }

  /**
   * The object's events and those of others that refer to it, oldest first: of the kinds of objects
   * that the caller may read about. Open as the history is. A page is shorter than asked for where
   * it would be larger than about 8 MiB, or where the search for it takes too many steps.
   */
  @GET
  @Path("timeline")
  @RolesAllowed({
    ASSET_MANAGER,
    ACCESS_MANAGER,
    RESPONDER,
    SYSADMIN,
    CISO,
    AUDITOR,
    THIRD_PARTY_AUDITOR
  })
  @Read(inSession = false)
  public Uni<RestResponse<Answer.Page<History.Entry>>> timeline(
      @PathParam("kind") @Pattern(regexp = KIND, message = "is a kind of object") String kind,
      @PathParam("id") UUID id,
      @Valid @BeanParam LogPaging paging) {
    readers.require(kind);
    String object = kind + "/" + id;
    return page(new Search().about(object).ofKinds(readers.kinds()), object, paging);
  }

  private Uni<RestResponse<Answer.Page<History.Entry>>> page(
      Search search, String object, LogPaging paging) {
    Span span = paging.span();
    return readers
        .record(object)
        .chain(rooms::reach)
        .chain(
            reach -> reader.findWithBody(search.within(reach), span, paging.up(), paging.limit()))
        .map(page -> paging.answer(page, this::view));
  }

  private History.Entry view(Stored row) {
    try {
      JsonNode entry = json.readTree(row.canonical());
      return new History.Entry(
          row.index(),
          entry.path("id").textValue(),
          entry.path("type").textValue(),
          entry.path("subject").textValue(),
          entry.path("source").textValue(),
          entry.path("actor").textValue(),
          entry.path("time").textValue(),
          entry.has("eventNumber") ? Long.valueOf(entry.get("eventNumber").textValue()) : null,
          changes(entry, row.body()),
          entry.path("alert").textValue());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "entry " + row.index() + " is no JSON any more: the log was changed", e);
    }
  }

  private JsonNode changes(JsonNode entry, byte[] payload) throws IOException {
    boolean isData =
        payload != null && "application/json".equals(entry.path("contentType").textValue());
    return isData ? json.readTree(payload).get("changes") : null;
  }
}

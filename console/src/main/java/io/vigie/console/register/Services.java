package io.vigie.console.register;

import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quarkus.oidc.AccessTokenCredential;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.ServiceProblem;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestResponse;

/** Asks services for what data names, and takes refusals as the answers that they are. */
@Singleton
class Services {

  /**
   * @param body missing where it is no JSON
   * @param version its ETag; null where it has none
   * @param receipt the event that the change made; null where there is none
   * @param next what the next page begins after; null where there is none
   */
  record Answer(int status, JsonNode body, String version, String receipt, String next) {

    boolean isOk() {
      return status >= 200 && status < 300;
    }

    /** Of a refusal. */
    ServiceProblem problem() {
      return ServiceProblem.of(body);
    }

    /** Whether it is a refusal for this reason. */
    boolean isProblem(String name) {
      return problem().code().equals(name);
    }

    List<JsonNode> items() {
      return body.path("items").valueStream().toList();
    }
  }

  private static final Pattern NEXT =
      Pattern.compile("<[^>]*[?&]after=([^&>]*)[^>]*>;\\s*rel=\"next\"");

  private final AnyService service;
  private final TableService tables;
  private final FileService files;
  private final AccessTokenCredential token;
  private final Config config;
  private final ObjectMapper json;

  Services(
      @RestClient AnyService service,
      @RestClient TableService tables,
      @RestClient FileService files,
      AccessTokenCredential token,
      Config config,
      ObjectMapper json) {
    this.service = service;
    this.tables = tables;
    this.files = files;
    this.token = token;
    this.config = config;
    this.json = json;
  }

  /** Fails where the service does not answer, or fails itself. */
  Uni<Answer> get(String name, String path) {
    return answered(service.get(address(name, path)));
  }

  /** Fails as {@link #get} does. */
  Uni<Answer> send(
      String method, String name, String path, String version, String key, JsonNode body) {
    String text = body == null ? null : body.toString();
    return answered(
        method.equals("PUT")
            ? service.put(address(name, path), version, text)
            : service.post(address(name, path), version, key, text));
  }

  /**
   * Sends a table, on which the service may work for two minutes: in the name of who is there now,
   * and goes on when they are gone. Fails as {@link #get} does.
   *
   * @param key null where nothing is kept of it
   */
  Uni<Answer> table(String name, String path, String key, byte[] table) {
    return answered(tables.take(address(name, path), "Bearer " + token.getToken(), key, table));
  }

  /** A table or a PDF, as the service sends it; fails where that refuses it, too. */
  Multi<byte[]> file(String name, String path) {
    return files.get(address(name, path));
  }

  private URI address(String name, String path) {
    return URI.create(config.getValue("vigie." + name + "-url", String.class) + path);
  }

  private Uni<Answer> answered(Uni<RestResponse<String>> asked) {
    return asked
        .map(
            answer ->
                new Answer(
                    answer.getStatus(),
                    read(answer.getEntity()),
                    answer.getHeaderString("ETag"),
                    lastPart(answer.getHeaderString("Vigie-Receipt")),
                    next(answer.getHeaderString("Link"))))
        .onFailure(Services::isRefusal)
        .recoverWithItem(
            failure -> refused(((ClientWebApplicationException) failure).getResponse()));
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ClientWebApplicationException refusal
        && refusal.getResponse().getStatus() >= 400
        && refusal.getResponse().getStatus() < 500;
  }

  private Answer refused(Response refusal) {
    return new Answer(
        refusal.getStatus(), read(refusal.readEntity(String.class)), null, null, null);
  }

  private JsonNode read(String text) {
    try {
      return text == null || text.isBlank() ? MissingNode.getInstance() : json.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static String lastPart(String address) {
    return address == null ? null : address.replaceAll(".*/", "");
  }

  private static String next(String link) {
    Matcher next = NEXT.matcher(link == null ? "" : link);
    return next.find() ? next.group(1) : null;
  }
}

package io.vigie.access.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.unboundid.scim2.common.GenericScimResource;
import com.unboundid.scim2.common.exceptions.BadRequestException;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.ListResponse;
import com.unboundid.scim2.common.messages.PatchRequest;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.UserResource;
import com.unboundid.scim2.common.utils.FilterEvaluator;
import com.unboundid.scim2.common.utils.JsonUtils;
import com.unboundid.scim2.server.utils.ResourceTypeDefinition;
import com.unboundid.scim2.server.utils.SchemaChecker;

/**
 * A double of a service provider, made of the SCIM 2 SDK, which reads filters, patches and
 * resources, checks them against the schemas of RFC 7643, and answers errors as RFC 7644 has them.
 * Its own are the table of resources, the memberships that Users show, and the way from HTTP to
 * there. It knows no ETag, no sorting and no bulk, and shows all attributes whatever was asked for.
 */
final class ScimServer implements AutoCloseable {

  static final String TOKEN = "open sesame";

  private final HttpServer server;
  private final Map<String, GenericScimResource> users = new LinkedHashMap<>();
  private final Map<String, GenericScimResource> groups = new LinkedHashMap<>();
  private final SchemaChecker userSchema;
  private final SchemaChecker groupSchema;
  private volatile boolean isAway;

  ScimServer() throws Exception {
    userSchema = checker(UserResource.class, "User", "/Users");
    groupSchema = checker(GroupResource.class, "Group", "/Groups");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  private static SchemaChecker checker(Class<?> type, String name, String path) throws Exception {
    return new SchemaChecker(
        new ResourceTypeDefinition.Builder(name, path)
            .setCoreSchema(com.unboundid.scim2.common.utils.SchemaUtils.getSchema(type))
            .build());
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/scim/v2";
  }

  void isAway(boolean away) {
    isAway = away;
  }

  /** A Group with this externalId; returns its id. */
  synchronized String makeGroup(String displayName, String externalId) throws ScimException {
    ObjectNode group = JsonUtils.getJsonNodeFactory().objectNode();
    group.putArray("schemas").add("urn:ietf:params:scim:schemas:core:2.0:Group");
    group.put("displayName", displayName).put("externalId", externalId);
    return create(groups, groupSchema, group).getId();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = 200;
      String body;
      try {
        if (isAway) {
          exchange.sendResponseHeaders(503, -1);
          return;
        }
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
          exchange.sendResponseHeaders(401, -1);
          return;
        }
        JsonNode sent = JsonUtils.getObjectReader().readTree(exchange.getRequestBody());
        status = exchange.getRequestMethod().equals("POST") ? 201 : 200;
        body = serve(exchange.getRequestMethod(), exchange.getRequestURI(), sent);
      } catch (ScimException e) {
        status = e.getScimError().getStatus();
        body = JsonUtils.getObjectWriter().writeValueAsString(e.getScimError());
      }
      exchange.getResponseHeaders().add("Content-Type", "application/scim+json");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private synchronized String serve(String method, URI uri, JsonNode sent)
      throws ScimException, IOException {
    String[] path = uri.getPath().substring("/scim/v2/".length()).split("/");
    if (path[0].equals("ServiceProviderConfig")) {
      return "{\"patch\":{\"supported\":true},\"filter\":{\"supported\":true,\"maxResults\":200}}";
    }
    boolean isUsers = path[0].equals("Users");
    Map<String, GenericScimResource> all = isUsers ? users : groups;
    SchemaChecker schema = isUsers ? userSchema : groupSchema;
    Object answer;
    if (path.length == 1) {
      answer =
          method.equals("POST") ? create(all, schema, (ObjectNode) sent) : list(all, query(uri));
    } else {
      GenericScimResource resource = all.get(path[1]);
      if (resource == null) {
        throw new ResourceNotFoundException("no such resource");
      }
      if (method.equals("DELETE")) {
        all.remove(path[1]);
      }
      if (method.equals("PATCH")) {
        patch(resource, schema, sent);
      }
      answer = shown(resource);
    }
    return JsonUtils.getObjectWriter().writeValueAsString(answer);
  }

  private GenericScimResource create(
      Map<String, GenericScimResource> all, SchemaChecker schema, ObjectNode sent)
      throws ScimException {
    schema.checkCreate(sent).throwSchemaExceptions();
    for (GenericScimResource other : all.values()) {
      JsonNode name = other.getObjectNode().path("userName");
      if (name.isTextual() && name.asText().equalsIgnoreCase(sent.path("userName").asText())) {
        throw new ResourceConflictException("uniqueness", "the name is taken");
      }
    }
    GenericScimResource resource = new GenericScimResource(sent.deepCopy());
    resource.setId(UUID.randomUUID().toString());
    all.put(resource.getId(), resource);
    return resource;
  }

  private static void patch(GenericScimResource resource, SchemaChecker schema, JsonNode sent)
      throws ScimException, IOException {
    PatchRequest patch = JsonUtils.getObjectReader().treeToValue(sent, PatchRequest.class);
    schema.checkModify(patch.getOperations(), resource.getObjectNode()).throwSchemaExceptions();
    patch.apply(resource);
  }

  private ListResponse<GenericScimResource> list(
      Map<String, GenericScimResource> all, Map<String, String> query) throws ScimException {
    Filter filter = query.containsKey("filter") ? Filter.fromString(query.get("filter")) : null;
    List<GenericScimResource> fitting = new ArrayList<>();
    for (GenericScimResource resource : all.values()) {
      if (filter == null || FilterEvaluator.evaluate(filter, resource.getObjectNode())) {
        fitting.add(shown(resource));
      }
    }
    int start = Integer.parseInt(query.getOrDefault("startIndex", "1"));
    int count = Integer.parseInt(query.getOrDefault("count", "10"));
    if (start < 1) {
      throw BadRequestException.invalidValue("startIndex is counted from 1");
    }
    List<GenericScimResource> page = fitting.stream().skip(start - 1L).limit(count).toList();
    return new ListResponse<>(fitting.size(), page, start, page.size());
  }

  /** A User shows the Groups that it is a member of (RFC 7643, 4.1.2). */
  private GenericScimResource shown(GenericScimResource resource) {
    ObjectNode copy = resource.getObjectNode().deepCopy();
    if (copy.has("userName")) {
      var memberships = copy.putArray("groups");
      groups
          .values()
          .forEach(
              group ->
                  group
                      .getObjectNode()
                      .path("members")
                      .forEach(
                          member -> {
                            if (member.path("value").asText().equals(resource.getId())) {
                              memberships.addObject().put("value", group.getId());
                            }
                          }));
    }
    return new GenericScimResource(copy);
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new HashMap<>();
    if (uri.getRawQuery() != null) {
      for (String parameter : uri.getRawQuery().split("&")) {
        String[] parts = parameter.split("=", 2);
        query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

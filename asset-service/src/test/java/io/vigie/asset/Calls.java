package io.vigie.asset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.restassured.response.Response;
import io.vigie.testkit.Rest;

/** Requests of people and tools that several tests send. */
public final class Calls {

  private Calls() {}

  public static Response get(String token, String path) {
    return Rest.as(token).get(path);
  }

  /** Creates something; its id. */
  public static String create(String token, String path, Object body) {
    return Rest.as(token).body(body).post(path).then().statusCode(201).extract().path("id");
  }

  /** Posts {@code body} to {@code path} with the present version of {@code object}. */
  public static Response post(String token, String object, String path, Object body) {
    return Rest.as(token)
        .header("If-Match", get(token, object).header("ETag"))
        .body(body)
        .post(path);
  }

  /** Puts {@code body} in the place of what stands at {@code object}, in its present version. */
  public static Response put(String token, String object, Object body) {
    return Rest.as(token)
        .header("If-Match", get(token, object).header("ETag"))
        .body(body)
        .put(object);
  }

  public static Response post(String token, String object, String path) {
    return post(token, object, path, Map.of());
  }

  /** The id of a new asset. */
  public static String asset(String token, String kind) {
    return create(token, "/v1/assets", Map.of("name", "asset", "kind", kind, "production", true));
  }

  /** All tasks of whoever has the token that concern {@code subject}, page by page. */
  public static List<String> tasks(String token, String subject) {
    List<String> kinds = new ArrayList<>();
    String next = "/v1/tasks?limit=200";
    while (next != null) {
      Response page = Rest.as(token).urlEncodingEnabled(false).get(next);
      page.then().statusCode(200);
      kinds.addAll(page.path("items.findAll { it.subject == '" + subject + "' }.kind"));
      String link = page.header("Link");
      next = link == null ? null : link.replaceAll("<(.*)>; rel=\"next\"", "$1");
    }
    return kinds;
  }
}

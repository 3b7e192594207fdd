package io.vigie.console.register;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import org.jboss.resteasy.reactive.RestPath;

/** What an asset needs, and what that needs, as a list and as a drawing. */
@Path("/assets/{id}/dependencies")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class DependencyResource {

  /**
   * An asset in the list, each after what needs it.
   *
   * @param depth 1 for what the asset itself needs
   * @param isAgain whether what it needs was told before
   */
  record Need(int depth, String id, String name, String kind, String state, boolean isAgain) {}

  /**
   * @param needs from the nearest on
   * @param neededBy what needs it directly
   * @param drawing of all these; null where the asset is alone
   * @param isCut whether there is more than is shown
   */
  record Dependencies(
      String id, String name, List<Need> needs, List<Need> neededBy, Drawing drawing, boolean isCut)
      implements TemplateInstance {}

  /** How many assets are asked for: each is a request of its own. */
  private static final int MOST = 60;

  private static final int DEEPEST = 5;

  private final Services services;
  private final Viewer viewer;

  DependencyResource(Services services, Viewer viewer) {
    this.services = services;
    this.viewer = viewer;
  }

  @GET
  public Uni<TemplateInstance> dependencies(@RestPath UUID id) {
    Map<String, JsonNode> known = new ConcurrentHashMap<>();
    return services
        .get("asset", "/v1/assets/" + id)
        .chain(
            answer -> {
              if (!answer.isOk()) {
                throw new NotFoundException();
              }
              known.put(id.toString(), answer.body());
              return learn(known, needs(answer.body()), 1);
            })
        .chain(() -> services.get("asset", "/v1/assets?dependsOn=" + id))
        .map(
            dependents -> {
              List<Need> needs = new ArrayList<>();
              boolean isWhole =
                  add(needs, known, new HashSet<>(Set.of(id.toString())), id.toString(), 1);
              return new Dependencies(
                  id.toString(),
                  known.get(id.toString()).path("name").asText(),
                  needs,
                  dependents.items().stream().map(each -> need(each, 1, false)).toList(),
                  drawing(id.toString(), known, dependents.items()),
                  !isWhole || dependents.next() != null);
            });
  }

  private static List<String> needs(JsonNode asset) {
    return asset.path("dependsOn").valueStream().map(JsonNode::asText).toList();
  }

  /** Asks for these, side by side, then for what they need. */
  private Uni<Void> learn(Map<String, JsonNode> known, List<String> wanted, int depth) {
    List<Uni<Void>> asked =
        wanted.stream()
            .filter(id -> !known.containsKey(id) && Values.ID.matcher(id).matches())
            .distinct()
            .limit(Math.max(0, MOST - known.size()))
            .map(
                id ->
                    services
                        .get("asset", "/v1/assets/" + id)
                        .invoke(
                            answer -> {
                              if (answer.isOk()) {
                                known.put(id, answer.body());
                              }
                            })
                        .replaceWithVoid()
                        // What did not answer is missing from the page, which says so.
                        .onFailure()
                        .recoverWithNull())
            .toList();
    if (asked.isEmpty() || depth > DEEPEST) {
      return Uni.createFrom().voidItem();
    }
    return Uni.join()
        .all(asked)
        .andFailFast()
        .chain(
            () ->
                learn(
                    known,
                    wanted.stream()
                        .filter(known::containsKey)
                        .flatMap(id -> needs(known.get(id)).stream())
                        .toList(),
                    depth + 1));
  }

  /** Whether all that it needs is known. */
  private boolean add(
      List<Need> needs, Map<String, JsonNode> known, Set<String> told, String id, int depth) {
    boolean isWhole = true;
    for (String each : needs(known.get(id))) {
      JsonNode asset = known.get(each);
      if (asset == null) {
        isWhole = false;
        continue;
      }
      boolean isAgain = !told.add(each);
      needs.add(need(asset, depth, isAgain && !needs(asset).isEmpty()));
      if (!isAgain) {
        isWhole &= add(needs, known, told, each, depth + 1);
      }
    }
    return isWhole;
  }

  /** From left to right what needs it, the asset itself, and what it needs from the nearest on. */
  private Drawing drawing(String id, Map<String, JsonNode> known, List<JsonNode> dependents) {
    List<List<Need>> columns = new ArrayList<>();
    Map<String, List<String>> needs = new HashMap<>();
    Set<String> drawn = new HashSet<>(Set.of(id));
    List<JsonNode> column = List.of(known.get(id));
    while (!column.isEmpty()) {
      columns.add(column(column, needs));
      column =
          column.stream()
              .flatMap(asset -> needs(asset).stream())
              .filter(each -> known.containsKey(each) && drawn.add(each))
              .map(known::get)
              .toList();
    }
    columns.add(
        0,
        column(
            dependents.stream().filter(each -> drawn.add(each.path("id").asText())).toList(),
            needs));
    return drawn.size() == 1 ? null : Drawing.of(columns, needs, id);
  }

  private List<Need> column(List<JsonNode> assets, Map<String, List<String>> needs) {
    assets.forEach(asset -> needs.put(asset.path("id").asText(), needs(asset)));
    return assets.stream().map(asset -> need(asset, 0, false)).toList();
  }

  private Need need(JsonNode asset, int depth, boolean isAgain) {
    return new Need(
        depth,
        asset.path("id").asText(),
        asset.path("name").asText(),
        word("kind", asset),
        word("state", asset),
        isAgain);
  }

  private String word(String field, JsonNode asset) {
    String value = asset.path(field).asText();
    String words = DataWords.of("value." + field + "." + value, viewer.language());
    return words == null ? value : words;
  }
}

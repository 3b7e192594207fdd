package io.vigie.console.register;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;

/** What people call what has an id. */
@Singleton
public class Names {

  /** The registers whose objects have names that are asked for by their ids. */
  static final Set<String> NAMED = Set.of("people", "assets", "zones");

  /** As many people, or assets, as their services name at once. */
  private static final int MOST_AT_ONCE = 200;

  /** What is asked for one by one: of a list of more, the rest are shown by their ids. */
  private static final int MOST_OTHERS = 20;

  /** Within what a part of a page may take: names that come later are not worth the part. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /**
   * Somebody, or an asset, whose name has what was typed.
   *
   * @param account null where they have none, as assets do
   */
  record Found(String id, String account, String name) {}

  private final Services services;

  Names(Services services) {
    this.services = services;
  }

  /**
   * Names of people by their ids, or by those of their accounts, asked for at once; without those
   * that nobody tells.
   *
   * @param ids what is no id is left out; nulls are too
   */
  public Uni<Map<String, String>> ofPeople(Stream<String> ids) {
    return of(
        ids.filter(id -> id != null && Values.ID.matcher(id).matches()).collect(Collectors.toSet()),
        Set.of());
  }

  /**
   * Names by id, of those that somebody told; where a service is away, or takes longer than a
   * second, nobody does.
   *
   * @param people their ids, or those of their accounts
   * @param others paths of objects at asset-service
   */
  Uni<Map<String, String>> of(Set<String> people, Set<String> others) {
    List<Uni<Map<String, String>>> asked = new ArrayList<>();
    if (!people.isEmpty()) {
      asked.add(
          ask(
              "access",
              "/v1/people?who="
                  + people.stream().limit(MOST_AT_ONCE).collect(Collectors.joining(","))));
    }
    others.stream().limit(MOST_OTHERS).forEach(path -> asked.add(ask("asset", path)));
    if (asked.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return Uni.join().all(asked).andFailFast().map(Names::merged);
  }

  /**
   * Names by id of as many as there are, two hundred at once, zones one by one; as above of those
   * that somebody told.
   *
   * @param ids by the register, one of {@link #NAMED}; of people those of their accounts, too
   */
  Uni<Map<String, String>> ofAll(Map<String, Set<String>> ids) {
    List<Uni<Map<String, String>>> asked = new ArrayList<>();
    together(ids.getOrDefault("people", Set.of()))
        .forEach(some -> asked.add(ask("access", "/v1/people?who=" + some)));
    together(ids.getOrDefault("assets", Set.of()))
        .forEach(some -> asked.add(ask("asset", "/v1/assets?limit=200&ids=" + some)));
    ids.getOrDefault("zones", Set.of()).forEach(id -> asked.add(ask("asset", "/v1/zones/" + id)));
    if (asked.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    return Uni.join().all(asked).usingConcurrencyOf(8).andFailFast().map(Names::merged);
  }

  private static List<String> together(Set<String> ids) {
    List<String> all = List.copyOf(ids);
    return IntStream.iterate(0, from -> from < all.size(), from -> from + MOST_AT_ONCE)
        .mapToObj(from -> all.subList(from, Math.min(all.size(), from + MOST_AT_ONCE)))
        .map(some -> String.join(",", some))
        .toList();
  }

  private Uni<Map<String, String>> ask(String service, String path) {
    return services
        .get(service, path)
        .map(answer -> answer.isOk() ? names(answer) : Map.<String, String>of())
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .onFailure()
        .recoverWithItem(Map.of());
  }

  private static Map<String, String> names(Services.Answer answer) {
    List<JsonNode> found =
        answer.body().has("items") ? answer.items() : List.<JsonNode>of(answer.body());
    Map<String, String> names = new HashMap<>();
    found.forEach(
        each -> {
          names.put(each.path("id").asText(), name(each));
          if (each.hasNonNull("subject")) {
            names.put(each.path("subject").asText(), name(each));
          }
        });
    return names;
  }

  private static String name(JsonNode object) {
    return object.has("familyName")
        ? object.path("givenName").asText() + " " + object.path("familyName").asText()
        : object.path("name").asText();
  }

  private static Map<String, String> merged(List<Map<String, String>> answers) {
    Map<String, String> all = new HashMap<>();
    answers.forEach(all::putAll);
    return all;
  }

  /** Assets whose name has this; at most fifty. */
  Uni<List<Found>> searchAssets(String name) {
    return services
        .get("asset", "/v1/assets?name=" + Values.encoded(name))
        .map(
            answer ->
                answer.items().stream()
                    .map(each -> new Found(each.path("id").asText(), null, name(each)))
                    .toList());
  }

  /** Those who are here, or will be, and whose name has this; at most fifty. */
  Uni<List<Found>> search(String name) {
    return services
        .get("access", "/v1/people?name=" + Values.encoded(name))
        .map(
            answer ->
                answer.items().stream()
                    .filter(each -> !each.path("state").asText().equals("LEFT"))
                    .map(
                        each ->
                            new Found(
                                each.path("id").asText(),
                                each.path("subject").asText(null),
                                name(each)))
                    .toList());
  }
}

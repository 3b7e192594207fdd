package io.vigie.deploy;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import static io.vigie.deploy.Manifests.each;
import static io.vigie.deploy.Manifests.texts;

/** What a pod finds in its environment. The value of a secret is empty here. */
final class Environment {
  private static final Path BASE = Manifests.DIRECTORY.resolve("base/vigie");
  private static final Path PRODUCTION = Manifests.DIRECTORY.resolve("overlays/production");

  private Environment() {}

  /** As the files say it, of a service or the console in production. */
  static Map<String, String> inFiles(String service) {
    Map<String, String> environment = new TreeMap<>();
    collect(BASE.resolve(service), "settings", environment);
    for (Path site : new Path[] {BASE, PRODUCTION}) {
      generated(site, "site", environment);
      if (Manifests.kustomization(BASE.resolve(service))
          .path("components")
          .toString()
          .contains("/mailing")) {
        generated(site, "mail", environment);
      }
    }
    return environment;
  }

  /** As an overlay was rendered, of the first container of a deployment. */
  static Map<String, String> of(JsonNode deployment, Iterable<JsonNode> rendered) {
    Map<String, String> environment = new TreeMap<>();
    JsonNode container = deployment.at("/spec/template/spec/containers/0");
    for (JsonNode from : container.path("envFrom")) {
      String map = from.at("/configMapRef/name").asText();
      String secret = from.at("/secretRef/name").asText();
      for (JsonNode manifest : rendered) {
        if (Manifests.kind(manifest).equals("ConfigMap") && Manifests.name(manifest).equals(map)) {
          manifest
              .get("data")
              .properties()
              .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
        }
        if (Manifests.kind(manifest).equals("ExternalSecret")
            && Manifests.name(manifest).equals(secret)) {
          secrets(manifest, environment);
        }
      }
    }
    each(container.path("env"))
        .forEach(variable -> environment.putIfAbsent(variable.get("name").asText(), ""));
    return environment;
  }

  private static void collect(Path directory, String map, Map<String, String> environment) {
    JsonNode kustomization = Manifests.kustomization(directory);
    Stream.of("resources", "components")
        .flatMap(part -> texts(kustomization.path(part)).stream())
        .map(part -> directory.resolve(part).normalize())
        .forEach(
            part -> {
              if (part.toString().endsWith(".yaml")) {
                Manifests.read(part).stream()
                    .filter(manifest -> Manifests.name(manifest).equals("service"))
                    .forEach(manifest -> secrets(manifest, environment));
              } else {
                collect(part, map, environment);
              }
            });
    generated(directory, map, environment);
    for (JsonNode patch : kustomization.path("patches")) {
      if (patch.has("path")) {
        for (JsonNode part : Manifests.read(directory.resolve(patch.get("path").asText()))) {
          part.findValues("env")
              .forEach(
                  env ->
                      each(env)
                          .forEach(
                              variable ->
                                  environment.putIfAbsent(variable.get("name").asText(), "")));
        }
      } else if (patch.at("/target/kind").asText().equals("ExternalSecret")
          && patch.at("/target/name").asText().equals("service")) {
        Manifests.documents(patch.get("patch").asText())
            .forEach(
                steps ->
                    steps
                        .findValues("secretKey")
                        .forEach(key -> environment.putIfAbsent(key.asText(), "")));
      }
    }
  }

  private static void secrets(JsonNode manifest, Map<String, String> environment) {
    if (Manifests.kind(manifest).equals("ExternalSecret")) {
      manifest.findValues("secretKey").forEach(key -> environment.putIfAbsent(key.asText(), ""));
    }
  }

  private static void generated(Path directory, String map, Map<String, String> environment) {
    each(Manifests.kustomization(directory).path("configMapGenerator"))
        .filter(generator -> generator.get("name").asText().equals(map))
        .flatMap(
            generator ->
                Stream.concat(
                    texts(generator.path("literals")).stream(),
                    texts(generator.path("envs")).stream()
                        .flatMap(file -> Manifests.text(directory.resolve(file)).lines())))
        .map(line -> line.split("=", 2))
        .forEach(setting -> environment.put(setting[0], setting[1]));
  }
}

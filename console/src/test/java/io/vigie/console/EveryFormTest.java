package io.vigie.console;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever changes something, as the code of the console has it, sent from another site. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(
    user = "vera",
    roles = {
      "staff",
      "asset-manager",
      "access-manager",
      "responder",
      "sysadmin",
      "ciso",
      "auditor",
      "third-party-auditor"
    })
class EveryFormTest {

  private static final Path CLASSES = Path.of("target", "classes");
  private static final List<Class<? extends Annotation>> CHANGES =
      List.of(POST.class, PUT.class, PATCH.class, DELETE.class);

  @BeforeEach
  void servicesWithoutAnything() {
    Services.reset();
  }

  /** What changes something: where it is sent to, and whether with files. */
  record Form(String path, boolean hasFiles) {

    static Form of(Method method) {
      Consumes consumes = method.getAnnotation(Consumes.class);
      String path =
          "/"
              + path(method.getDeclaringClass().getAnnotation(jakarta.ws.rs.Path.class))
              + "/"
              + path(method.getAnnotation(jakarta.ws.rs.Path.class));
      return new Form(
          path.replaceAll("\\{register:[^}]*}", "assets")
              .replaceAll("\\{[^}]+}", UUID.randomUUID().toString())
              .replaceAll("/+", "/"),
          consumes != null
              && Arrays.asList(consumes.value()).contains(MediaType.MULTIPART_FORM_DATA));
    }

    private static String path(jakarta.ws.rs.Path path) {
      return path == null ? "" : path.value();
    }
  }

  static Stream<Form> forms() throws IOException {
    try (Stream<Path> files = Files.walk(CLASSES.resolve("io/vigie/console"))) {
      return files
          .filter(file -> file.toString().endsWith("Resource.class"))
          .map(EveryFormTest::type)
          .filter(type -> type.isAnnotationPresent(jakarta.ws.rs.Path.class))
          .flatMap(type -> Stream.of(type.getDeclaredMethods()))
          .filter(method -> CHANGES.stream().anyMatch(method::isAnnotationPresent))
          .map(Form::of)
          .toList()
          .stream();
    }
  }

  private static Class<?> type(Path file) {
    String name = CLASSES.relativize(file).toString().replace('/', '.').replace(".class", "");
    try {
      return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String token() {
    return RestAssured.get("/").getCookie("csrf-token");
  }

  private static RequestSpecification sent(Form form) {
    RequestSpecification request = RestAssured.given().redirects().follow(false);
    return form.hasFiles()
        ? request.multiPart("table", "x.csv", "a\nb".getBytes()).multiPart("name", "x")
        : request.formParam("name", "x");
  }

  private static RequestSpecification bearing(Form form, String token) {
    return form.hasFiles()
        ? sent(form).multiPart("csrf-token", token)
        : sent(form).formParam("csrf-token", token);
  }

  @Test
  void thereAreForms() throws IOException {
    List<Form> forms = forms().toList();
    assertTrue(forms.size() > 12, forms::toString);
    assertTrue(forms.stream().anyMatch(Form::hasFiles), forms::toString);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void whatCameFromElsewhereChangesNothingAndIsToldWhy(Form form) {
    String own = token();
    for (RequestSpecification forged :
        List.of(
            sent(form),
            sent(form).cookie("csrf-token", own),
            bearing(form, own),
            bearing(form, token()).cookie("csrf-token", own))) {
      try (Logged log = new Logged("io.vigie.console.page.Failures")) {
        forged
            .post(form.path())
            .then()
            .statusCode(400)
            .body(containsString("did not come from this console"));

        // Which one it was, and nothing of what it brought
        assertEquals(1, log.messages().size(), log.messages()::toString);
        String line = log.messages().get(0);
        assertTrue(line.matches("refused: 400, POST /\\S* of \\S+"), line);
        assertFalse(line.contains(own), line);
      }
    }
    assertEquals(List.of(), Services.posted());
  }
}

package io.vigie.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vigie.stack.ComposedPlatform;
import io.vigie.stack.Site;
import io.vigie.stack.Stack;
import org.awaitility.Awaitility;

/**
 * One stack for all system tests of a run: on free ports, with a state of its own that begins
 * empty, stopped with this JVM. With {@code -Dvigie.test.secure=true} all of its connections are
 * encrypted. With {@code -Dvigie.test.at=DOMAIN} it is the one in containers there instead, which
 * {@code deploy/check-containers.sh} starts, with demo accounts: tests reach it through its proxy,
 * and this JVM is told its names and its authority ({@code vigie.test.jvm}).
 */
final class Platform {

  private static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  private static final boolean SECURE = Boolean.getBoolean("vigie.test.secure");
  private static final String DOMAIN = System.getProperty("vigie.test.at");
  private static final long TOKEN_NANOS = TimeUnit.MINUTES.toNanos(3);

  private static Site site;
  private static Stack running;
  private static final Map<String, Token> TOKENS = new ConcurrentHashMap<>();

  private record Token(String value, long fetched) {}

  /** What a program said, as the offline verifier, and how it ended. */
  record Verdict(int exit, String output) {}

  private Platform() {}

  /** Whether it is the one in containers, of which tests reach what its users reach. */
  static boolean inContainers() {
    return DOMAIN != null;
  }

  /** What the names of the one in containers have in common. */
  static String domain() {
    return DOMAIN;
  }

  /** The platform as its users reach it, in containers or not. */
  static io.vigie.stack.Platform reached() {
    return inContainers() ? ComposedPlatform.of(ROOT, System.getenv(), DOMAIN) : stack();
  }

  /** The address of a service, without a path. */
  static URI url(String service) {
    return reached().url(service);
  }

  /** With all that no user reaches: for tests that are {@link OnOneMachine}. */
  static synchronized Stack stack() {
    if (inContainers()) {
      throw new IllegalStateException("There is no stack here: the test must be @OnOneMachine.");
    }
    if (running == null) {
      site =
          new Site(
              ROOT,
              ROOT.resolve("system-tests/target/stack"),
              ROOT.resolve(".vigie/cache"),
              Stack.freeOffset());
      new Stack(site).wipe();
      Stack stack = new Stack(site); // with secrets of its own
      Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
      if (SECURE) {
        stack.secure();
      }
      stack.start((component, what) -> System.out.println(component + " " + what));
      if (SECURE) {
        believe(stack);
      }
      running = stack;
    }
    return running;
  }

  /** Has every client in this JVM believe the certificates of the stack. */
  private static void believe(Stack stack) {
    for (String option : stack.javaOptions()) {
      String[] property = option.substring("-D".length()).split("=", 2);
      System.setProperty(property[0], property[1]);
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, null, null); // by these properties
      SSLContext.setDefault(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the stack lives. */
  static Site site() {
    stack();
    return site;
  }

  /** A JSON request to a service, as a demo account; as the internal tool for {@code tool}. */
  static RequestSpecification as(String account, String service) {
    return at(account, url(service).toString());
  }

  /** The same, to another replica. */
  static RequestSpecification at(String account, String address) {
    return bearing(token(account), address);
  }

  /** The same, with a token of any account. */
  static RequestSpecification bearing(String token, String address) {
    return RestAssured.given()
        .baseUri(address)
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + token);
  }

  /** Makes an object as somebody who makes such; its id. */
  static String create(String account, String service, String path, Map<String, ?> body) {
    return as(account, service).body(body).post(path).then().statusCode(201).extract().path("id");
  }

  /**
   * Has replicas do something, as a client does that goes on through faults: asks each in its turn
   * until one answers that it is done. At most two minutes.
   */
  static Response persist(List<String> replicas, Function<String, Response> send) {
    AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt(replicas.size()));
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () -> send.apply(replicas.get(turn.getAndIncrement() % replicas.size())),
            answer -> answer.statusCode() / 100 == 2);
  }

  static String token(String account) {
    Token known = TOKENS.get(account);
    if (known == null || System.nanoTime() - known.fetched() > TOKEN_NANOS) {
      renew(account);
    }
    return TOKENS.get(account).value();
  }

  /** Has a token that is as good as new, for what comes without Keycloak. */
  static void renew(String account) {
    TOKENS.put(account, new Token(freshToken(account), System.nanoTime()));
  }

  static String freshToken(String account) {
    try {
      return account.equals("tool") ? reached().toolToken() : reached().token(account);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a Java program is started with to reach it as this JVM does. */
  static List<String> javaOptions() {
    return inContainers()
        ? Stream.of("jdk.net.hosts.file", "javax.net.ssl.trustStore")
            .filter(name -> System.getProperty(name) != null)
            .map(name -> "-D" + name + "=" + System.getProperty(name))
            .toList()
        : stack().javaOptions();
  }

  /** Takes an export of the log and has the offline verifier look at it. */
  static Verdict verify() throws IOException, InterruptedException {
    Path export = Files.createTempFile(ROOT.resolve("system-tests/target"), "export", ".ndjson");
    try (InputStream body = as("auditor", "audit").get("/v1/log/export").asInputStream()) {
      Files.copy(body, export, StandardCopyOption.REPLACE_EXISTING);
    }
    String keys = as("auditor", "audit").get("/log/vkey").asString();
    return verifier("export", export.toString(), "--vkey", keys);
  }

  /** Has the offline verifier look at a receipt, with the log's keys and those of witnesses. */
  static Verdict verifyReceipt(String receipt, String keys, String... witnesses)
      throws IOException, InterruptedException {
    Path folder = ROOT.resolve("system-tests/target");
    Path file = Files.writeString(Files.createTempFile(folder, "receipt", ".tlog-proof"), receipt);
    Path vkey = Files.writeString(Files.createTempFile(folder, "log", ".vkey"), keys);
    List<String> arguments =
        new ArrayList<>(List.of("receipt", file.toString(), "--vkey", vkey.toString()));
    for (String witness : witnesses) {
      arguments.addAll(List.of("--witness", witness));
    }
    return verifier(arguments.toArray(String[]::new));
  }

  /** The program that outsiders get, to be started. */
  static ProcessBuilder verifierCommand(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(ROOT.resolve("verifier/target/vigie-verifier.jar").toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** Runs that program to its end. */
  static Verdict verifier(String... arguments) throws IOException, InterruptedException {
    return run(verifierCommand(arguments));
  }

  /** Runs a program to its end, which puts all that it says into its output. */
  static Verdict run(ProcessBuilder program) throws IOException, InterruptedException {
    Process process = program.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Verdict(process.waitFor(), output);
  }
}

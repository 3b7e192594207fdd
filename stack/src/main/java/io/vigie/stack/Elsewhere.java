package io.vigie.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

import picocli.CommandLine.Option;

/** The platform that a command acts on where it is not this machine's stack, and a token for it. */
final class Elsewhere {

  @Option(
      names = "--at",
      required = true,
      paramLabel = "DOMAIN",
      description = {
        "The platform in containers or in a cluster that is at audit.DOMAIN and so on,",
        "instead of this machine's stack."
      })
  private String domain;

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description = {
        "Where the access token is of somebody who may do this there. It is read anew for",
        "each request, as tokens live five minutes: move a fresh one into its place (mv), so",
        "that the file is never empty."
      })
  private Path file;

  /**
   * Whoever a command acts for: at the platform that is named, or, where none is, at the stack here
   * with its demo account of that role.
   *
   * @param elsewhere null where none is named
   * @param services those that it takes
   * @throws StackException when they are not reached
   */
  static Caller caller(Elsewhere elsewhere, Stack stack, String role, List<String> services) {
    if (elsewhere != null) {
      return elsewhere.caller(stack.site(), role);
    }
    for (String service : services) {
      if (!stack.healthy(service)) {
        throw new StackException(
            "The " + service + " service does not run here. Start it: ./vigie up -d");
      }
    }
    return new Caller(stack, role, () -> stack.token(role));
  }

  private Caller caller(Site site, String role) {
    Platform platform = ComposedPlatform.of(site.root(), System.getenv(), domain);
    URI shown = URI.create(platform.url("audit") + "/log/vkey");
    try {
      InetAddress.getByName(shown.getHost());
      Http.get(shown);
    } catch (UnknownHostException e) {
      throw new StackException(
          "There is no "
              + shown.getHost()
              + ". Give what the names of the platform have in common, as --at vigie.example.org.",
          e);
    } catch (IOException e) {
      throw new StackException(
          e.getCause() instanceof SSLException
              ? e.getMessage()
                  + "\nIts certificate is of an authority that this Java does not know, or of another name. Have it know that"
                  + " authority: JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE; deploy/secrets.sh makes deploy/secrets/cacerts."
              : "No platform is reached there: " + e.getMessage(),
          e);
    }
    return new Caller(platform, role, new Token(file, role));
  }

  /** That of a file, in which somebody may put another one at any time. */
  private record Token(Path file, String role) implements Caller.Tokens {

    @Override
    public String next() {
      String token;
      try {
        token = Files.readString(file).strip();
      } catch (IOException e) {
        throw new StackException("The token cannot be read: " + e, e);
      }
      if (!token.matches("[\\x21-\\x7e]+")) {
        throw new StackException(
            file
                + " holds no token. Write a fresh one into another file and move it into its place (mv): it is read at any time.");
      }
      return token;
    }

    @Override
    public Duration usedFor() {
      return Duration.ZERO;
    }

    @Override
    public void answered(HttpResponse<?> answer) {
      if (answer.statusCode() == 401) {
        throw new StackException(
            Http.refusal(answer).getMessage()
                + "\nA token lives five minutes, and opens the platform of its own realm alone. Put a fresh one into "
                + file
                + " and give the same command again.");
      }
      if (answer.statusCode() == 403) {
        throw new StackException(
            Http.refusal(answer).getMessage()
                + "\nThis takes a token of somebody with the role "
                + role
                + ", and staff as everybody.");
      }
    }
  }
}

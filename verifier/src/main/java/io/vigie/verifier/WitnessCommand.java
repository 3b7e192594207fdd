package io.vigie.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** {@code witness}: makes a witness's key, or serves as a witness until the process is ended. */
final class WitnessCommand {

  private static final String LOOPBACK = "127.0.0.1:8099";

  private WitnessCommand() {}

  static int run(List<String> words, PrintStream out, PrintStream err)
      throws IOException, Unusable {
    Arguments arguments =
        Arguments.of(words, Set.of("--init", "--key", "--log", "--state", "--listen"));
    arguments.operands(0, "options alone");
    Path keyFile = Path.of(arguments.required("--key"));
    String name = arguments.one("--init");
    if (name != null) {
      out.println(SignerKey.create(keyFile, name).verifier().vkey());
      return Main.VERIFIED;
    }
    SignerKey key = SignerKey.read(keyFile);
    List<VerifierKey> logs = arguments.keys("--log");
    try (WitnessState state = WitnessState.open(Path.of(arguments.required("--state")));
        WitnessServer server =
            WitnessServer.start(
                new Witness(key, logs, state, Clock.systemUTC()),
                address(arguments.one("--listen")),
                err)) {
      out.println("witness key: " + key.verifier().vkey());
      out.println(
          "listening: http://%s:%d/add-checkpoint"
              .formatted(server.address().getHostString(), server.address().getPort()));
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Main.VERIFIED;
  }

  private static InetSocketAddress address(String given) throws Unusable {
    String listen = given == null ? LOOPBACK : given;
    int colon = listen.lastIndexOf(':');
    long port = colon < 1 ? -1 : Canonical.number(listen.substring(colon + 1));
    if (port < 0 || port > 0xffff) {
      throw new Unusable(Terminal.quoted(listen) + " is not of the form HOST:PORT");
    }
    InetSocketAddress address = new InetSocketAddress(listen.substring(0, colon), (int) port);
    if (address.isUnresolved()) {
      throw new Unusable(Terminal.quoted(listen) + " names no address of this machine");
    }
    return address;
  }
}

package io.vigie.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which TCP ports of this machine are taken, and by whom, as far as the system tells. */
final class ListeningPorts {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String LISTEN = "0A";

  private ListeningPorts() {}

  /** Whether a server could listen on this port of the loopback address now. */
  static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // Connections of a server that just ended linger for a minute; they hinder nobody.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(Site.LOOPBACK), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Refuses when any of the ports is taken, naming each with who wants it and who holds it. */
  static void requireFree(List<Component> wanted) {
    List<String> taken = new ArrayList<>();
    for (Component component : wanted) {
      for (int port : component.ports()) {
        if (!free(port)) {
          String holder = holder(port).map(h -> " is held by " + h).orElse(" is in use");
          taken.add("Port " + port + ", which " + component.name() + " wants," + holder + ".");
        }
      }
    }
    if (!taken.isEmpty()) {
      throw new StackException(
          String.join("\n", taken)
              + "\nStop what holds it, or shift every port of this stack: VIGIE_PORT_OFFSET=100 ./vigie up");
    }
  }

  /** Every port something listens on, in ascending order; empty where the system does not tell. */
  static Set<Integer> all() throws IOException {
    Set<Integer> ports = new TreeSet<>();
    for (String[] socket : listening()) {
      ports.add(port(socket));
    }
    return ports;
  }

  /**
   * The process that listens on the port, as "pid NUMBER (NAME)"; empty when the system does not
   * tell.
   */
  static Optional<String> holder(int port) {
    try {
      Set<String> links =
          listening().stream()
              .filter(socket -> port(socket) == port)
              .map(socket -> "socket:[" + socket[9] + "]")
              .collect(Collectors.toSet());
      return ProcessHandle.allProcesses()
          .filter(process -> holds(process.pid(), links))
          .findFirst()
          .map(
              process ->
                  "pid "
                      + process.pid()
                      + process
                          .info()
                          .command()
                          .map(c -> " (" + Path.of(c).getFileName() + ")")
                          .orElse(""));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean holds(long pid, Set<String> links) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return descriptors.anyMatch(
          descriptor -> {
            try {
              return links.contains(Files.readSymbolicLink(descriptor).toString());
            } catch (IOException e) {
              return false;
            }
          });
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String[]> listening() throws IOException {
    List<String[]> sockets = new ArrayList<>();
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        Files.readAllLines(table).stream()
            .skip(1)
            .map(line -> line.trim().split("\\s+"))
            .filter(fields -> fields[3].equals(LISTEN))
            .forEach(sockets::add);
      }
    }
    return sockets;
  }

  private static int port(String[] socket) {
    return Integer.parseInt(socket[1].substring(socket[1].lastIndexOf(':') + 1), 16);
  }
}

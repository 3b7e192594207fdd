package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

import io.vigie.kernel.AllowedNetworks;

/** Whether a port takes connections. */
final class PortProbe {

  private final AllowedNetworks networks;

  PortProbe(AllowedNetworks networks) {
    this.networks = networks;
  }

  /** Good where it does. */
  Outcome open(Target target, TimeLimit limit) throws IOException {
    Line.open(networks.addresses(target.host()), target.port(), limit).close();
    return HttpProbe.inTime(target, limit);
  }

  /**
   * Good where it does at none of its host's addresses: a connection is refused, or nothing answers
   * in time.
   */
  Outcome closed(Target target, TimeLimit limit) throws IOException {
    List<InetAddress> addresses = networks.addresses(target.host());
    for (InetAddress address : addresses) {
      try {
        Line.open(List.of(address), target.port(), limit.share(addresses.size())).close();
        return Outcome.bad(
            "Port %d is open at %s, and must not be."
                .formatted(target.port(), address.getHostAddress()),
            limit.taken());
      } catch (IOException e) {
        // closed, as it must be
      }
    }
    return Outcome.good(limit.taken());
  }
}

package io.vigie.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where connections may go whose address somebody chose. Whoever may create a monitor or register a
 * feed must not reach with it what only this machine reaches: a name is resolved once, every
 * address that it has must be allowed, and the connection goes to an address that was looked at,
 * not to the name again.
 */
public final class AllowedNetworks {

  /** Why a host is not connected to, and what allows it where something does, for people. */
  public static final class Refused extends IOException {
    Refused(String why) {
      super(why);
    }
  }

  /** Gives the addresses of a name. */
  @FunctionalInterface
  public interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  private static final String PUBLIC = "public";

  /** What is an address and no name; of IPv6 more than that, which is no name either. */
  private static final String LITERAL =
      "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}"
          + "|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";

  private static final String METADATA = "where a cloud tells its machines their credentials";

  /**
   * In no configuration: nobody's service is there, but credentials of machines are. Beside the
   * link-local ones, those are at addresses of Alibaba Cloud, Azure and AWS.
   */
  private static final Map<Network, String> NEVER =
      networks(
          "0.0.0.0/8", "no address of a host",
          "169.254.0.0/16", "link-local",
          "224.0.0.0/4", "multicast",
          "240.0.0.0/4", "reserved or broadcast",
          "100.100.100.200/32", METADATA,
          "168.63.129.16/32", METADATA,
          "fd00:ec2::254/128", METADATA,
          "::/128", "no address of a host",
          "fe80::/10", "link-local",
          "ff00::/8", "multicast");

  /**
   * IPv4 addresses that are not public, and why: the registry of special-purpose addresses of RFC
   * 6890, section 2.2.2, and what RFC 5736, 5737, 6598 and 7526 add.
   */
  private static final Map<Network, String> SPECIAL =
      networks(
          "10.0.0.0/8", "private",
          "100.64.0.0/10", "shared by a carrier's customers",
          "127.0.0.0/8", "loopback",
          "172.16.0.0/12", "private",
          "192.0.0.0/24", "of protocols",
          "192.0.2.0/24", "for documentation",
          "192.88.99.0/24", "a relay of 6to4",
          "192.168.0.0/16", "private",
          "198.18.0.0/15", "for benchmarks",
          "198.51.100.0/24", "for documentation",
          "203.0.113.0/24", "for documentation",
          "::1/128", "loopback",
          "fc00::/7", "private",
          "2001::/23", "of protocols",
          "2001:db8::/32", "for documentation",
          "2002::/16", "an IPv4 address in disguise",
          "3fff::/20", "for documentation");

  /** All of IPv6 that is unicast and global (RFC 4291, section 2.5.4, as assigned by IANA). */
  private static final Network GLOBAL = Network.parse("2000::/3");

  private final String setting;
  private final List<Network> allowed = new ArrayList<>();
  private final boolean allowsPublic;
  private final Resolver resolver;

  /**
   * @param setting the configuration's name of {@code networks}
   * @param networks address ranges such as {@code 10.1.0.0/16}, and {@code public}
   * @throws IllegalArgumentException where one is neither
   */
  public AllowedNetworks(String setting, List<String> networks, Resolver resolver) {
    this.setting = setting;
    this.allowsPublic = networks.contains(PUBLIC);
    this.resolver = resolver;
    networks.stream()
        .filter(name -> !name.equals(PUBLIC))
        .map(Network::parse)
        .forEach(allowed::add);
  }

  /**
   * The addresses of {@code host}, all of them allowed.
   *
   * @throws Refused where one is not, with the reason
   * @throws UnknownHostException where it has none
   */
  public List<InetAddress> addresses(String host) throws IOException {
    InetAddress[] found = resolver.resolve(bare(host));
    for (InetAddress address : found) {
      String reason = refusal(address);
      if (reason != null) {
        String why =
            "%s is not connected to: %s is %s.".formatted(host, address.getHostAddress(), reason);
        throw new Refused(
            reason(NEVER, address.getAddress()) == null
                ? why + " Where that is meant, name its network in " + setting + "."
                : why);
      }
    }
    return List.of(found);
  }

  /**
   * Why {@code host} is not connected to, where it is an address; null where it is connected to, or
   * is a name, which is resolved when it is.
   *
   * @param host with or without the brackets of an address of IPv6
   */
  public String refusalOfLiteral(String host) {
    if (!bare(host).matches(LITERAL)) {
      return null;
    }
    try {
      addresses(host);
      return null;
    } catch (Refused e) {
      return e.getMessage();
    } catch (IOException e) {
      return host + " is no address.";
    }
  }

  private static String bare(String host) {
    return host.replaceAll("[\\[\\]]", "");
  }

  /** Why an address is not connected to, as what it is; null where it is. */
  String refusal(InetAddress address) {
    byte[] bytes = address.getAddress();
    String never = reason(NEVER, bytes);
    if (never != null) {
      return never;
    }
    if (allowed.stream().anyMatch(network -> network.contains(bytes))) {
      return null;
    }
    String special = reason(SPECIAL, bytes);
    if (special != null) {
      return special;
    }
    if (bytes.length == 16 && !GLOBAL.contains(bytes)) {
      return "no public unicast address";
    }
    return allowsPublic ? null : "in no network that is allowed";
  }

  private static String reason(Map<Network, String> networks, byte[] address) {
    return networks.entrySet().stream()
        .filter(network -> network.getKey().contains(address))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static Map<Network, String> networks(String... namesAndReasons) {
    Map<Network, String> networks = new LinkedHashMap<>();
    for (int i = 0; i < namesAndReasons.length; i += 2) {
      networks.put(Network.parse(namesAndReasons[i]), namesAndReasons[i + 1]);
    }
    return networks;
  }

  /** A range of addresses: those that begin with the same bits. */
  private static final class Network {

    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
      this.prefix = prefix;
      this.bits = bits;
    }

    static Network parse(String text) {
      String[] parts = text.strip().split("/", -1);
      if (parts.length != 2 || !parts[0].matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
        throw new IllegalArgumentException("is no address range such as 10.1.0.0/16: " + text);
      }
      try {
        byte[] prefix = InetAddress.getByName(parts[0]).getAddress();
        int bits = Integer.parseInt(parts[1]);
        if (bits < 0 || bits > prefix.length * 8) {
          throw new IllegalArgumentException("has no such length: " + text);
        }
        return new Network(prefix, bits);
      } catch (UnknownHostException | NumberFormatException e) {
        throw new IllegalArgumentException("is no address range such as 10.1.0.0/16: " + text, e);
      }
    }

    boolean contains(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      int whole = bits / 8;
      if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
        return false;
      }
      int rest = bits % 8;
      int mask = 0xff << (8 - rest);
      return rest == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }
  }
}

package io.vigie.incident.finding;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import io.vigie.kernel.Problem;

/**
 * Reads what {@code nmap -oX} writes about one host: its open ports, and what scripts of nmap's
 * {@code vulns} library say is vulnerable. Document types are passed over, and what they would
 * declare is not known: a reference to it is refused.
 */
final class NmapReader {

  static final String OPEN_PORT = "open-port";

  /** The place of what a script found that is about no port. */
  private static final String HOST = "host";

  private static final String TOOL = "nmap";
  private static final int MAX_DEPTH = 50;
  private static final int MAX_PORT = 65_535;

  /** Those that nmap knows (its nmap.dtd). */
  private static final Set<String> PROTOCOLS = Set.of("ip", "tcp", "udp", "sctp");

  private static final int LONGEST_STATE = 100;
  private static final XMLInputFactory XML = factory();

  private final ScanPolicy policy;
  private final Deque<String> path = new ArrayDeque<>();
  private final Map<String, BitSet> looked = new HashMap<>();
  private final ScanRun run = new ScanRun(TOOL, this::covers);
  private XMLStreamReader xml;
  private boolean ranScripts;
  private boolean finished;
  private int hosts;
  private String port;
  private int number;
  private boolean open;
  private String service;
  private String script;
  private String table;
  private StringBuilder state;

  private NmapReader(ScanPolicy policy) {
    this.policy = policy;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory xml = XMLInputFactory.newDefaultFactory();
    xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    xml.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing is fetched");
        });
    return xml;
  }

  /**
   * What the scan in {@code document} says.
   *
   * @throws Problem 400, which says what is wrong and where
   */
  static ScanRun read(byte[] document, ScanPolicy policy) {
    NmapReader reader = new NmapReader(policy);
    try {
      reader.xml = XML.createXMLStreamReader(new ByteArrayInputStream(document));
      reader.readAll();
      reader.xml.close();
    } catch (XMLStreamException e) {
      throw Problem.badRequest(
          "The body is not an XML document that can be read"
              + (e.getLocation() == null
                  ? "."
                  : place(e.getLocation().getLineNumber(), e.getLocation().getColumnNumber())));
    }
    return reader.run;
  }

  private static String place(int line, int column) {
    return " (line %d, column %d).".formatted(line, column);
  }

  private void readAll() throws XMLStreamException {
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> begin(xml.getLocalName());
        case XMLStreamConstants.END_ELEMENT -> end(path.pop());
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (state != null && state.length() < LONGEST_STATE) {
            state.append(xml.getText());
          }
        }
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw refused("An entity is referred to that is not known");
        default -> {}
      }
    }
    if (!finished || hosts == 0) {
      run.incomplete();
    }
  }

  private void begin(String element) {
    String parent = path.peek();
    path.push(element);
    if (path.size() > MAX_DEPTH) {
      throw refused("Elements stand in each other more than %d deep".formatted(MAX_DEPTH));
    }
    if (parent == null && !(element.equals("nmaprun") && TOOL.equals(value("scanner")))) {
      throw refused("The document is no nmaprun of the scanner nmap");
    }
    switch (element) {
      case "nmaprun" -> beginScan();
      case "scaninfo" -> look(protocol(), required("services"));
      case "status" -> {
        if ("host".equals(parent) && "up".equals(value("state")) && ++hosts > 1) {
          throw refused("It is about several hosts, and an asset is one: send each by itself");
        }
      }
      case "port" -> {
        number = number(required("portid"));
        port = protocol() + "/" + number;
        open = false;
        service = null;
      }
      case "state" -> open |= "port".equals(parent) && "open".equals(value("state"));
      case "service" -> service = "port".equals(parent) ? value("name") : service;
      case "script" -> script = name(required("id"));
      case "table" -> table = script == null || value("key") == null ? table : name(value("key"));
      case "elem" -> state = isState() ? new StringBuilder() : null;
      case "finished" -> {
        finished = "success".equals(value("exit"));
        performed(value("time"));
      }
      default -> {}
    }
  }

  private void end(String element) {
    switch (element) {
      case "port" -> {
        if (open) {
          add(new Sighting(OPEN_PORT, port, port, policy.ofOpenPort(number), service));
        }
        port = null;
      }
      case "script" -> {
        script = null;
        table = null;
      }
      case "elem" -> {
        if (state != null) {
          judge(state.toString().strip());
        }
        state = null;
      }
      default -> {}
    }
  }

  /** What the library says of a flaw, such as {@code LIKELY VULNERABLE}. */
  private void judge(String said) {
    if (said.startsWith("VULNERABLE") || said.startsWith("LIKELY VULNERABLE")) {
      String place = port == null ? HOST : port;
      String rule = name(table == null ? script : script + "/" + table);
      add(new Sighting(rule, place, place, policy.ofVulnerable(), said));
    }
  }

  private void beginScan() {
    String arguments = value("args");
    ranScripts =
        arguments != null && Stream.of(arguments.split("\\s")).anyMatch(NmapReader::asksForScripts);
    performed(value("start"));
  }

  /** {@code -sC} also stands among others, as in {@code -sCV}. */
  private static boolean asksForScripts(String argument) {
    return argument.startsWith("--script")
        || argument.equals("-A")
        || argument.startsWith("-s") && argument.indexOf('C') > 0;
  }

  private boolean isState() {
    return script != null && "state".equals(value("key"));
  }

  private void add(Sighting sighting) {
    if (run.sightings().size() >= ScanRun.MAX_RESULTS) {
      throw refused("There are more than %d results".formatted(ScanRun.MAX_RESULTS));
    }
    run.add(sighting);
  }

  /** Of the ports it looked at; of what scripts say, where it ran any. */
  private boolean covers(String rule, String place) {
    boolean ran = rule.equals(OPEN_PORT) || ranScripts;
    if (place.equals(HOST)) {
      return ran;
    }
    String[] parts = place.split("/");
    BitSet ports = looked.get(parts[0]);
    return ran && ports != null && ports.get(Integer.parseInt(parts[1]));
  }

  private void look(String protocol, String services) {
    BitSet ports = looked.computeIfAbsent(protocol, any -> new BitSet());
    for (String range : services.isEmpty() ? new String[0] : services.split(",")) {
      String[] ends = range.split("-", 2);
      int from = number(ends[0]);
      int to = number(ends[ends.length - 1]);
      if (from > to) {
        throw refused("A range of ports ends before it begins");
      }
      ports.set(from, to + 1);
    }
  }

  private String protocol() {
    String protocol = required("protocol");
    if (!PROTOCOLS.contains(protocol)) {
      throw refused("A protocol is one of " + String.join(", ", new TreeSet<>(PROTOCOLS)));
    }
    return protocol;
  }

  private int number(String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_PORT) {
      throw refused("A port is a number from 0 to %d".formatted(MAX_PORT));
    }
    return Integer.parseInt(text);
  }

  /** Seconds since 1970. */
  private void performed(String seconds) {
    if (seconds == null) {
      return;
    }
    if (!seconds.matches("\\d{1,11}")) {
      throw refused("A time is a number of seconds");
    }
    run.performed(Instant.ofEpochSecond(Long.parseLong(seconds)));
  }

  private String name(String text) {
    if (text.isBlank() || text.length() > ScanRun.LONGEST_NAME) {
      throw refused("A script or table has 1 to %d characters".formatted(ScanRun.LONGEST_NAME));
    }
    return text;
  }

  private String value(String attribute) {
    return xml.getAttributeValue(null, attribute);
  }

  private String required(String attribute) {
    String value = value(attribute);
    if (value == null) {
      throw refused("%s has no %s".formatted(path.peek(), attribute));
    }
    return value;
  }

  private Problem refused(String why) {
    return Problem.badRequest(
        why + place(xml.getLocation().getLineNumber(), xml.getLocation().getColumnNumber()));
  }
}

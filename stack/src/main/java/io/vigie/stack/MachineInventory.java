package io.vigie.stack;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;

/**
 * What this machine is, as its own system tells: on Linux from {@code /proc}, {@code /sys} and the
 * package manager's database, elsewhere as much of it as Java knows.
 *
 * @param serialNumber tells this machine from others without giving away its machine id
 * @param chassis as SMBIOS names it
 * @param virtual whether the machine is one inside another
 * @param found what the register takes as the machine's inventory
 * @param gaps a sentence for each thing that this system does not tell
 */
record MachineInventory(
    String serialNumber, String chassis, boolean virtual, Inventory found, List<String> gaps) {

  /**
   * @param collectedAt RFC 3339, UTC
   * @param memoryBytes main memory that the system, or the container, may use
   * @param listeningPorts TCP, in ascending order
   */
  record Inventory(
      String collectedAt,
      String hostname,
      String operatingSystem,
      String kernel,
      int processors,
      long memoryBytes,
      List<Disk> disks,
      List<SoftwarePackage> packages,
      Set<Integer> listeningPorts) {}

  record Disk(String name, long totalBytes) {}

  /**
   * @param source what installed it, as package URLs name it
   */
  record SoftwarePackage(String name, String version, String source) {}

  private static final Set<Integer> LAPTOP_CHASSIS = Set.of(8, 9, 10, 11, 14, 30, 31, 32);
  private static final Set<Integer> SERVER_CHASSIS = Set.of(17, 23, 25, 28, 29);
  private static final long SECTOR = 512;

  /** Looks at the machine now. */
  static MachineInventory take(Clock clock) throws IOException {
    List<String> gaps = new ArrayList<>();
    String hostname = hostname();
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Inventory found =
        new Inventory(
            clock.instant().toString(),
            hostname,
            operatingSystem(),
            system.getName() + " " + system.getVersion(),
            system.getAvailableProcessors(),
            system.getTotalMemorySize(),
            disks(),
            packages(gaps),
            listeningPorts(gaps));
    return new MachineInventory(serialNumber(hostname), readChassis(), isVirtual(), found, gaps);
  }

  private static String hostname() throws IOException {
    String told = read(Path.of("/proc/sys/kernel/hostname"));
    return told.isEmpty() ? InetAddress.getLocalHost().getHostName() : told;
  }

  private static String serialNumber(String hostname) throws IOException {
    String id = read(Path.of("/etc/machine-id"));
    String secret = "vigie:" + (id.isEmpty() ? hostname : id);
    byte[] hash = Sha256.digest().digest(secret.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 16);
  }

  private static boolean isVirtual() throws IOException {
    return read(Path.of("/proc/cpuinfo"))
        .lines()
        .anyMatch(l -> l.matches("flags.*\\bhypervisor\\b.*"));
  }

  /** One name of each sort (SMBIOS specification, section 7.4.1). */
  private static String readChassis() throws IOException {
    String chassis = read(Path.of("/sys/class/dmi/id/chassis_type"));
    int type = chassis.matches("\\d{1,3}") ? Integer.parseInt(chassis) : 0;
    return LAPTOP_CHASSIS.contains(type)
        ? "Laptop"
        : SERVER_CHASSIS.contains(type) ? "Rack Mount Chassis" : "Desktop";
  }

  private static String operatingSystem() throws IOException {
    Path release = Path.of("/etc/os-release");
    if (!Files.isReadable(release)) {
      return System.getProperty("os.name") + " " + System.getProperty("os.version");
    }
    Properties told = new Properties();
    try (var reader = Files.newBufferedReader(release)) {
      told.load(reader);
    }
    return told.getProperty("PRETTY_NAME", told.getProperty("NAME", "Linux")).replace("\"", "");
  }

  /** Block devices with hardware behind them; where none is visible, the root file system. */
  private static List<Disk> disks() throws IOException {
    List<Disk> disks = new ArrayList<>();
    Path devices = Path.of("/sys/block");
    if (Files.isDirectory(devices)) {
      try (Stream<Path> listed = Files.list(devices)) {
        for (Path device : (Iterable<Path>) listed.sorted()::iterator) {
          if (Files.exists(device.resolve("device"))) {
            long sectors = Long.parseLong(read(device.resolve("size")));
            disks.add(new Disk("/dev/" + device.getFileName(), sectors * SECTOR));
          }
        }
      }
    }
    if (disks.isEmpty()) {
      disks.add(new Disk("/", Files.getFileStore(Path.of("/")).getTotalSpace()));
    }
    return disks;
  }

  private static List<SoftwarePackage> packages(List<String> gaps) throws IOException {
    List<SoftwarePackage> packages = List.of();
    Path apk = Path.of("/lib/apk/db/installed");
    if (Daemon.onPath("dpkg-query")) {
      packages =
          packages(
              "deb",
              "dpkg-query",
              "-W",
              "-f",
              "${db:Status-Status} ${binary:Package} ${Version}\\n");
    } else if (Daemon.onPath("rpm")) {
      packages = packages("rpm", "rpm", "-qa", "--qf", "installed %{NAME} %{EVR}\\n");
    } else if (Files.isReadable(apk)) {
      packages = apkPackages(Files.readAllLines(apk));
    }
    if (packages.isEmpty()) {
      gaps.add("No packages: neither dpkg, rpm nor apk knows of any here.");
    }
    return packages;
  }

  private static List<SoftwarePackage> packages(String source, String... command)
      throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var lines = process.inputReader()) {
      return lines
          .lines()
          .map(line -> line.split(" "))
          .filter(fields -> fields.length == 3 && fields[0].equals("installed"))
          .map(fields -> new SoftwarePackage(fields[1], fields[2], source))
          .toList();
    }
  }

  static List<SoftwarePackage> apkPackages(List<String> database) {
    List<SoftwarePackage> packages = new ArrayList<>();
    String name = "";
    for (String line : database) {
      if (line.startsWith("P:")) {
        name = line.substring(2);
      } else if (line.startsWith("V:")) {
        packages.add(new SoftwarePackage(name, line.substring(2), "apk"));
      }
    }
    return packages;
  }

  private static Set<Integer> listeningPorts(List<String> gaps) throws IOException {
    if (!Files.isReadable(Path.of("/proc/net/tcp"))) {
      gaps.add("No listening ports: this system has no /proc/net/tcp to tell them.");
      return new TreeSet<>();
    }
    return ListeningPorts.all();
  }

  private static String read(Path file) throws IOException {
    return Files.isReadable(file) ? Files.readString(file).trim() : "";
  }
}

package dev.penstock.local.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;

/**
 * A process that opens many connections, says how many it has, and holds them until its standard
 * input ends.
 */
final class IdleConnections {
  private IdleConnections() {}

  static void main(String[] arguments) throws IOException {
    var server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    var wanted = Integer.parseInt(arguments[1]);
    var open = new ArrayList<SocketChannel>(wanted);
    for (var i = 0; i < wanted; i++) {
      var channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
      channel.connect(server);
      open.add(channel);
    }
    System.out.println(open.size());
    while (System.in.read() >= 0) {
      // held until the parent closes the pipe
    }
  }
}

/*
 * When packets that should come every 20 ms really come, by the kernel's time stamps: how late each is on the grid that the earliest of them defines.
 * tick-listener ADDRESS PORT SECONDS; says "listening", then one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { MOST = 200000, TICK_NS = 20000000, CONTROL_OCTETS = 256 };

static int64_t late[MOST];

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    int fd = socket(AF_INET, SOCK_DGRAM, 0), on = 1, count = 0;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    if (inet_pton(AF_INET, argv[1], &here.sin_addr) != 1 || bind(fd, (struct sockaddr *)&here, sizeof here) < 0) return 1;
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    struct timeval patience = {.tv_usec = 200000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    puts("listening");
    fflush(stdout);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    time_t until = now.tv_sec + atoi(argv[3]);
    int first = -1;
    int64_t begun = 0;
    while (now.tv_sec < until && count < MOST) {
        uint8_t packet[2048], control[CONTROL_OCTETS];
        struct iovec part = {packet, sizeof packet};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
        ssize_t length = recvmsg(fd, &message, 0);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (length < 12) continue;
        for (struct cmsghdr *one = CMSG_FIRSTHDR(&message); one != NULL; one = CMSG_NXTHDR(&message, one)) {
            if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_TIMESTAMPNS) continue;
            struct timespec came;
            memcpy(&came, CMSG_DATA(one), sizeof came);
            int64_t at = (int64_t)came.tv_sec * 1000000000 + came.tv_nsec;
            int sequence = packet[2] << 8 | packet[3];
            if (first < 0) {
                first = sequence;
                begun = at;
            }
            /* The sequence number is the place on the grid: a lost packet moves nothing. */
            late[count++] = at - begun - (int64_t)((sequence - first) & 0xffff) * TICK_NS;
        }
    }
    if (count < 2) return 1;
    qsort(late, (size_t)count, sizeof *late, by_size);
    double earliest = (double)late[0];
    printf("{\"packets\":%d,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f}\n", count, ((double)late[count / 2] - earliest) / 1e6, ((double)late[(int)(count * 0.99)] - earliest) / 1e6, ((double)late[count - 1] - earliest) / 1e6);
    return 0;
}
